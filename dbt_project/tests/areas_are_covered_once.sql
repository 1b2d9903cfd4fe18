-- Detects: two suppliers of a feed whose areas overlap and that both delivered a period.
-- Usually means: the whole force's extract and one partnership's were both dropped: their rows would count twice.
-- Rows: one per feed, period and district, with the suppliers.

select
    deliveries.feed,
    deliveries.period_start,
    home_districts.district_code,
    {{ listed("deliveries.supplier") }} as suppliers
from {{ ref("int_deliveries__ranked") }} as deliveries
inner join {{ ref("int_home_areas__districts") }} as home_districts
    on deliveries.home_area_code = home_districts.home_area_code
inner join {{ ref("feed_count_periods") }} as feed_count_periods
    on deliveries.feed = feed_count_periods.source_feed
where deliveries.is_standing and not deliveries.is_displaced
group by deliveries.feed, deliveries.period_start, home_districts.district_code
having count(distinct deliveries.home_area_code) > 1
