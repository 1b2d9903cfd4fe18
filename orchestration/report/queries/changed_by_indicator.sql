-- Indicators with figures that changed since the release before, and how many deliveries of their feed are others.
with changed as (
    select
        now.indicator_code,
        count(*) as changed_figures
    from indicator_values as now
    inner join previous.indicator_values as before
        on
            now.indicator_code = before.indicator_code
            and now.area_code = before.area_code
            and now.period_type = before.period_type
            and now.period_label = before.period_label
    where abs(now.value - before.value) > 1e-9
    group by now.indicator_code
),

deliveries as (
    select
        now.feed,
        any_value(now.feed_title) as feed_title,
        count(*) as deliveries
    from agency_returns as now
    left join previous.agency_returns as before on now.return_id = before.return_id
    where
        (before.return_id is null and now.status <> 'missing')
        or before.status <> now.status
    group by now.feed
)

select
    changed.indicator_code,
    indicators.title,
    changed.changed_figures,
    coalesce(deliveries.feed_title, indicators.source_feed) as feed,
    case deliveries.deliveries when 1 then '1 delivery' else format('{:,} deliveries', deliveries.deliveries) end as deliveries
from changed
left join indicators on changed.indicator_code = indicators.indicator_code
left join deliveries on indicators.source_feed = deliveries.feed
order by changed.indicator_code
