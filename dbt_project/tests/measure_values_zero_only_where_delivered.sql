-- Detects: a zero, written out or told by coverage, in a month that no supplier delivered whose home area covers the area; a zero that
-- is written out at a level that keeps none.
-- Usually means: months were made up between deliveries; a missing month must have no row at all.
-- Rows: the zeros and the ranges of months that nobody delivered.

with months_delivered as (select * from {{ ref("int_months__delivered") }}),

ranges as (
    select distinct
        feed,
        home_area_code,
        first_month,
        last_month
    from {{ ref("int_coverage__by_area") }}
)

select
    monthly.source_feed,
    covered.home_area_code,
    monthly.area_code,
    monthly.month as first_month,
    monthly.month as last_month
from {{ ref("int_measures__monthly") }} as monthly
left join {{ ref("int_areas__covered") }} as covered
    on
        monthly.source_feed = covered.feed
        and monthly.area_code = covered.area_code
        and covered.has_closer_home is not true
left join {{ ref("area_levels") }} as area_levels
    on monthly.area_level = area_levels.area_level
left join months_delivered
    on
        monthly.source_feed = months_delivered.feed
        and covered.home_area_code = months_delivered.home_area_code
        and monthly.month = months_delivered.month
where
    (monthly.value = 0 and months_delivered.month is null)
    or (monthly.row_count = 0 and not area_levels.keeps_zeros)
union all
select
    ranges.feed,
    ranges.home_area_code,
    null,
    ranges.first_month,
    ranges.last_month
from ranges
left join months_delivered
    on
        ranges.feed = months_delivered.feed
        and ranges.home_area_code = months_delivered.home_area_code
        and months_delivered.month between ranges.first_month and ranges.last_month
group by ranges.feed, ranges.home_area_code, ranges.first_month, ranges.last_month
having count(distinct months_delivered.month) <> date_diff('month', ranges.first_month, ranges.last_month) + 1
