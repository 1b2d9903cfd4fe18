-- How many figures are new, changed or gone since the release before, by the feed that they are counted from.
with compared as (
    select
        coalesce(now.indicator_code, before.indicator_code) as indicator_code,
        coalesce(now.area_code, before.area_code) as area_code,
        coalesce(now.period_type, before.period_type) as period_type,
        coalesce(now.period_label, before.period_label) as period_label,
        coalesce(now.period_start, before.period_start) as period_start,
        now.indicator_code is not null as is_now,
        before.indicator_code is not null as was_before,
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

-- A ward's rolling years, two years of them at most, make room for those to later months: as many as came.
moved_on as (
    select
        source_feed,
        area_code,
        list(period_label) filter (where not is_now) as left_periods
    from (
        select
            indicators.source_feed,
            compared.area_code,
            compared.period_label,
            compared.period_start,
            bool_or(compared.is_now) as is_now,
            bool_or(compared.was_before) as was_before
        from compared
        inner join indicators on compared.indicator_code = indicators.indicator_code
        where compared.period_type = 'rolling_12_months'
        group by all
    ) as periods
    group by source_feed, area_code
    having
        count(*) filter (where is_now) <= 24
        and count(*) filter (where not is_now) between 1 and count(*) filter (where not was_before)
        and max(period_start) filter (where is_now) > max(period_start) filter (where was_before)
)

select
    coalesce(feeds.feed_title, indicators.source_feed, 'no longer an indicator') as feed,
    count(distinct compared.indicator_code) as indicators,
    count(*) filter (compared.is_new) as new_figures,
    count(*) filter (compared.is_changed) as changed_figures,
    count(*) filter (compared.is_gone) as gone_figures
from compared
left join indicators on compared.indicator_code = indicators.indicator_code
left join (select distinct feed, feed_title from agency_returns) as feeds
    on indicators.source_feed = feeds.feed
left join moved_on
    on
        indicators.source_feed = moved_on.source_feed
        and compared.area_code = moved_on.area_code
        and compared.period_type = 'rolling_12_months'
where
    (compared.is_new or compared.is_changed or compared.is_gone)
    and not coalesce(list_contains(moved_on.left_periods, compared.period_label), false)
group by all
order by 1
