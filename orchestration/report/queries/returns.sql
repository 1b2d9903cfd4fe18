-- What each supplier's feed came to.
select
    feed_title,
    feed,
    coalesce(supplier_name, supplier) as supplier,
    count(*) filter (status in ('accepted', 'partly_accepted')) as standing,
    count(*) filter (status = 'refused') as refused,
    count(*) filter (status = 'missing') as missing,
    count(*) filter (is_late) as late,
    max(period_end) filter (status in ('accepted', 'partly_accepted')) as latest,
    sum(rows_delivered)::bigint as rows_delivered,
    sum(rows_accepted)::bigint as rows_accepted,
    sum(rows_rejected)::bigint as rows_rejected,
    bool_or(is_suppressed) as is_suppressed,
    bool_or(is_synthetic) as is_synthetic
from agency_returns
group by feed_title, feed, coalesce(supplier_name, supplier)
order by missing desc, refused desc, feed_title, supplier
