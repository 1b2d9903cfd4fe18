-- What each supplier owes of each feed, with the months that it is for; who owes the longest comes first.
select
    feed_title,
    coalesce(supplier_name, supplier, agency) as supplier,
    count(*) as returns,
    string_agg(
        strftime(period_start, '%Y-%m')
        || case when last_day(period_start) < period_end then ' to ' || strftime(period_end, '%Y-%m') else '' end,
        ', ' order by period_start, period_end
    ) as months,
    min(due_on) as first_due_on,
    bool_or(is_synthetic) as is_synthetic
from agency_returns
where status = 'missing'
group by feed_title, coalesce(supplier_name, supplier, agency)
order by first_due_on, feed_title, supplier
