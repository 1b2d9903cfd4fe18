-- Detects: a zero in a month that no supplier delivered whose home area covers the area.
-- Usually means: months were made up between deliveries; a missing month must have no row at all.
-- Rows: the zeros that nobody delivered.

select measure_values.*
from {{ ref("int_measures__monthly") }} as measure_values
left join {{ ref("int_areas__covered") }} as covered
    on
        measure_values.source_feed = covered.feed
        and measure_values.area_code = covered.area_code
        and covered.has_closer_home is not true
left join {{ ref("int_months__delivered") }} as months_delivered
    on
        measure_values.source_feed = months_delivered.feed
        and covered.home_area_code = months_delivered.home_area_code
        and measure_values.month = months_delivered.month
where measure_values.value = 0 and months_delivered.month is null
