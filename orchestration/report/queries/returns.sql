-- What each supplier's feed came to. A supplier that no list has is not named, because its sender wrote the name.
select
    feed_title,
    feed,
    coalesce(supplier_name, supplier, 'not known') as supplier,
    count(*) filter (status in ('accepted', 'partly_accepted')) as standing,
    count(*) filter (status = 'refused') as refused,
    count(*) filter (is_late) as late,
    max(period_end) filter (status in ('accepted', 'partly_accepted')) as latest,
    sum(rows_delivered)::bigint as rows_delivered,
    sum(rows_accepted)::bigint as rows_accepted,
    sum(rows_rejected)::bigint as rows_rejected,
    bool_or(is_suppressed) as is_suppressed,
    bool_or(is_synthetic) as is_synthetic
from agency_returns
group by feed_title, feed, coalesce(supplier_name, supplier, 'not known')
order by refused desc, feed_title, supplier
