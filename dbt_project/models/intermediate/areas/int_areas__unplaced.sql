{{ config(materialized="table") }}

{#
Where a delivery cannot say that nothing happened: none of its rows names a ward, a beat, a locality …, so the areas made of them
have no figure in its months, not zero. One row so named is enough: a quiet month is not an empty column.
#}
with months_delivered as (select * from {{ ref("int_months__delivered") }}),
covered as (select * from {{ ref("int_areas__covered") }}),

kinds as (
    {% for kind in ["district", "ward", "lsoa", "beat", "csp", "locality"] %}
        select '{{ kind }}' as kind
        {{ "union all" if not loop.last }}
    {% endfor %}
),

placed_by_file as (
    select
        feed,
        file_sha256,
        {% for level in ["district", "ward", "lsoa", "beat", "csp"] %}
            max(
                case when {{ level }}_code <> {{ no_geography_code("home_area_code", level) }} then 1 else 0 end
            ) as {{ level }},
        {% endfor %}
        max(case when has_locality then 1 else 0 end) as locality
    from {{ ref("int_rows__located") }}
    where is_standing
    group by feed, file_sha256
),

files_without as (
    select
        placed_by_file.feed,
        placed_by_file.file_sha256,
        kinds.kind
    from placed_by_file
    cross join kinds
    where
        case kinds.kind
            {% for kind in ["district", "ward", "lsoa", "beat", "csp", "locality"] %}
                when '{{ kind }}' then placed_by_file.{{ kind }}
            {% endfor %}
        end = 0
),

made_of as (
    select
        feed,
        home_area_code,
        area_code,
        case area_level when 'county' then 'district' else area_level end as kind
    from covered
    where
        area_level in ('county', 'district', 'ward', 'lsoa', 'beat', 'csp')
        and area_code <> home_area_code
        and area_code <> {{ no_geography_code("home_area_code", "") }} || area_level
    union all
    select distinct
        covered.feed,
        covered.home_area_code,
        covered.area_code,
        parts.part_kind as kind
    from covered
    inner join {{ ref("int_local_areas__parts") }} as parts
        on covered.area_code = parts.area_code
)

select distinct
    months_delivered.feed,
    months_delivered.home_area_code,
    made_of.area_code,
    months_delivered.month,
    made_of.kind
from months_delivered
inner join files_without
    on
        months_delivered.feed = files_without.feed
        and months_delivered.file_sha256 = files_without.file_sha256
inner join made_of
    on
        months_delivered.feed = made_of.feed
        and months_delivered.home_area_code = made_of.home_area_code
        and files_without.kind = made_of.kind
