{#
Values of measures by month, and a zero wherever coverage holds and nothing was counted: in all areas, or in those that the relation
`areas` names. Whoever asks for a few names them here: DuckDB makes the zeros of all areas before it leaves out any. The table is named
where it is read, so that DuckDB takes no copy of it and looks for the areas and months that are asked for alone.
#}
{% macro measure_values_with_zeros(areas=none) -%}
with coverage as (
    select * from {{ ref("coverage") }}
    {% if areas %}where area_code in (select asked.area_code from {{ areas }} as asked){% endif %}
),

measure_levels as (select * from {{ ref("measure_levels") }}),

-- A supplier's own area has a row in each month that it delivered.
months as (
    select distinct
        source_feed,
        month
    from {{ ref("measure_values") }}
)

select
    measure_code,
    area_code,
    area_level,
    month,
    value,
    source_feed,
    is_synthetic,
    is_suppressed
from {{ ref("measure_values") }}
{% if areas %}where area_code in (select asked.area_code from {{ areas }} as asked){% endif %}
union all
select
    measure_levels.measure_code,
    coverage.area_code,
    coverage.area_level,
    months.month,
    case when not measure_levels.is_suppressed then cast(0 as double) end as value,
    coverage.source_feed,
    coverage.is_synthetic,
    measure_levels.is_suppressed
from coverage
inner join months
    on
        coverage.source_feed = months.source_feed
        and months.month between coverage.first_month and coverage.last_month
inner join measure_levels
    on
        coverage.source_feed = measure_levels.source_feed
        and coverage.area_level = measure_levels.area_level
        and not measure_levels.keeps_zeros
left join {{ ref("measure_values") }} as counted
    on
        measure_levels.measure_code = counted.measure_code
        and coverage.area_code = counted.area_code
        and months.month = counted.month
where
    counted.measure_code is null
    and {{ list_holds("coverage.measures_not_told", "measure_levels.measure_code", ", ") }} is not true
{%- endmacro %}
