-- Detects: a zero in a month that the area's own force did not deliver.
-- Usually means: months were made up between deliveries; a missing month must have no row at all.
-- Rows: the zeros that nobody delivered.
{{ config(meta={
    "dagster": {"ref": {"name": "measure_values"}},
    "description": "Missing is never zero: a zero stands only in a month that the area's own police force delivered."
}) }}

select measure_values.*
from {{ ref("measure_values") }} as measure_values
inner join {{ ref("areas") }} as areas
    on measure_values.area_code = areas.area_code
left join {{ ref("int_months__delivered") }} as months_delivered
    on
        measure_values.source_feed = months_delivered.feed
        and areas.home_force_code = months_delivered.force_code
        and measure_values.month = months_delivered.month
where measure_values.value = 0 and months_delivered.month is null
