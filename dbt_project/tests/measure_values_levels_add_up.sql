-- Detects: districts, wards or LSOAs that do not add up to the force total of their month.
-- Usually means: rows lost or counted twice in attribution, often an LSOA missing from or doubled in the look-up.
-- Rows: one per measure, month and level, with the total there and at force level.
{{ config(meta={
    "dagster": {"ref": {"name": "measure_values"}},
    "description": "At every area level the values of a measure and month add up to the force total, "
    "rows without geography included."
}) }}

with totals as (

    select
        measure_code,
        month,
        area_level,
        sum(value) as total
    from {{ ref("measure_values") }}
    group by measure_code, month, area_level

),

forces as (

    select * from totals
    where area_level = 'force'

)

select
    totals.measure_code,
    totals.month,
    totals.area_level,
    totals.total,
    forces.total as force_total
from totals
left join forces
    on
        totals.measure_code = forces.measure_code
        and totals.month = forces.month
where totals.total is distinct from forces.total
