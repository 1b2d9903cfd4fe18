-- Detects: a delivery whose rows do not add up to the same total at every area level.
-- Usually means: rows of one force lost or counted twice in attribution, hidden where several forces add up together.
-- Rows: one per delivery, month, measure and level whose total differs from the force's.
{{ config(meta={
    "dagster": {"ref": {"name": "int_measures__by_delivery"}},
    "description": "The rows of each delivery add up to the same total at force, district, ward and LSOA level."
}) }}

with totals as (

    select
        feed,
        file_sha256,
        month,
        measure_code,
        area_level,
        sum(value) as total
    from {{ ref("int_measures__by_delivery") }}
    group by feed, file_sha256, month, measure_code, area_level

)

select
    totals.*,
    forces.total as force_total
from totals
left join totals as forces
    on
        totals.feed = forces.feed
        and totals.file_sha256 = forces.file_sha256
        and totals.month = forces.month
        and totals.measure_code = forces.measure_code
        and forces.area_level = 'force'
where totals.total is distinct from forces.total
