-- How many figures are new, changed or gone since the release before, by the feed that they are counted from.
with compared as (
    select
        coalesce(now.indicator_code, before.indicator_code) as indicator_code,
        now.value is not null and before.value is null as is_new,
        abs(now.value - before.value) > 1e-9 as is_changed,
        -- A ward's rolling year makes room for those to later months.
        now.value is null
        and before.value is not null
        and (now.indicator_code is not null or before.period_type <> 'rolling_12_months') as is_gone
    from indicator_values as now
    full join previous.indicator_values as before
        on
            now.indicator_code = before.indicator_code
            and now.area_code = before.area_code
            and now.period_type = before.period_type
            and now.period_label = before.period_label
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
where compared.is_new or compared.is_changed or compared.is_gone
group by all
order by 1
