-- What came in since the release before, and what counts no longer, feed by feed.
select
    now.feed_title,
    coalesce(now.supplier_name, now.supplier, 'not known') as supplier,
    case when before.return_id is null then now.status else before.status || ' to ' || now.status end as change,
    count(*) as returns,
    min(now.period_start) as first_day,
    max(now.period_end) as last_day
from agency_returns as now
left join previous.agency_returns as before on now.return_id = before.return_id
where
    (before.return_id is null and now.status <> 'missing')
    or before.status <> now.status
group by now.feed_title, coalesce(now.supplier_name, now.supplier, 'not known'), change
order by now.feed_title, supplier, change
