-- How many figures are new, changed or gone since the release before, by the feed that they are counted from.
with compared as (
    select
        coalesce(now.indicator_code, before.indicator_code) as indicator_code,
        coalesce(now.area_code, before.area_code) as area_code,
        coalesce(now.area_level, before.area_level) as area_level,
        coalesce(now.period_type, before.period_type) as period_type,
        coalesce(now.period_end, before.period_end) as period_end,
        now.indicator_code is not null as is_now,
        now.value is not null and before.value is null as is_new,
        abs(now.value - before.value) > 1e-9 as is_changed,
        now.value is null and before.value is not null as is_gone
    from indicator_values as now
    full join previous.indicator_values as before
        on
            now.indicator_code = before.indicator_code
            and now.area_code = before.area_code
            and now.period_type = before.period_type
            and now.period_label = before.period_label
),

-- At some levels there are rolling years to the latest months alone, and to those of the year before.
latest_years as (
    select distinct
        delivered.source_feed,
        delivered.area_code,
        delivered.last_month,
        levels.latest_rolling_years
    from (
        select
            source_feed,
            area_code,
            area_level,
            max(last_month) over (partition by source_feed, home_area_code) as last_month
        from coverage
    ) as delivered
    inner join (select distinct source_feed, area_level, latest_rolling_years from measure_levels) as levels
        on delivered.source_feed = levels.source_feed and delivered.area_level = levels.area_level
    where levels.latest_rolling_years is not null
),

told as (
    select
        compared.*,
        indicators.source_feed,
        date_diff('month', compared.period_end, latest_years.last_month) as months_back,
        latest_years.latest_rolling_years
    from compared
    left join indicators on compared.indicator_code = indicators.indicator_code
    left join latest_years
        on
            indicators.source_feed = latest_years.source_feed
            and compared.area_code = latest_years.area_code
            and compared.period_type = 'rolling_12_months'
            and not compared.is_now
    where compared.is_new or compared.is_changed or compared.is_gone
)

select
    coalesce(feeds.feed_title, told.source_feed, 'no longer an indicator') as feed,
    count(distinct told.indicator_code) as indicators,
    count(*) filter (told.is_new) as new_figures,
    count(*) filter (told.is_changed) as changed_figures,
    count(*) filter (told.is_gone) as gone_figures
from told
left join (select distinct feed, feed_title from agency_returns) as feeds
    on told.source_feed = feeds.feed
where coalesce(told.months_back < 24 and told.months_back % 12 < told.latest_rolling_years, true)
group by all
order by 1
