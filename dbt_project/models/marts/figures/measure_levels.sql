with measures as (select * from {{ ref("measures") }}),
feed_area_levels as (select * from {{ ref("feed_area_levels") }}),
area_levels as (select * from {{ ref("area_levels") }}),
disclosure_rules as (select * from {{ ref("disclosure_rules") }}),
rolling_years as (select * from {{ ref("indicator_area_levels") }} where period_type = 'rolling_12_months')

select
    measures.measure_code,
    feed_area_levels.area_level,
    measures.title,
    measures.unit,
    measures.source_feed,
    -- Months of counts of people only open more sums, so none of them is shown.
    {{ for_the_public() }}
    and (
        not disclosure_rules.shows_months
        or {{ list_holds("coalesce(disclosure_rules.withheld_area_levels, '')", "feed_area_levels.area_level") }}
    ) as is_suppressed,
    coalesce(area_levels.keeps_zeros, true) as keeps_zeros,
    rolling_years.latest_months as latest_rolling_years
from measures
inner join disclosure_rules
    on measures.disclosure_rule = disclosure_rules.disclosure_rule
inner join feed_area_levels
    on measures.source_feed = feed_area_levels.source_feed
left join area_levels
    on feed_area_levels.area_level = area_levels.area_level
left join rolling_years
    on feed_area_levels.area_level = rolling_years.area_level
order by measures.measure_code, feed_area_levels.area_level
