-- Detects: a plan whose area is no district, county or partnership.
-- Usually means: a digit left out or swapped in the code of the plan's row.
-- Rows: the plans with their area.

select
    plan_id,
    area_code
from {{ ref("plans") }}
where
    area_code not in (
        select known.area_code
        from {{ ref("int_areas__known") }} as known
        where known.area_level in ('district', 'county', 'csp')
    )
