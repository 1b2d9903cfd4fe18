-- Detects: a place made of a ward or beat that nobody knows: none of its rows would ever be found.
-- Usually means: a digit left out or swapped in catalogue/local_area_parts.csv, or a ward code of another year.
-- Rows: the parts.

with known as (
    select
        'ward' as part_kind,
        ward_code as part_code
    from {{ ref("stg_reference__wards") }}
    union
    select
        'beat',
        beat_code
    from {{ ref("beats") }}
)

select
    parts.area_code,
    parts.part_kind,
    parts.part_code
from {{ ref("local_area_parts") }} as parts
left join known
    on
        parts.part_kind = known.part_kind
        and parts.part_code = known.part_code
where
    parts.part_kind in ('ward', 'beat')
    and known.part_code is null
