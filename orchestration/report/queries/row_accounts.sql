-- Rows that no measure counts, and why; an intake's rejections are with the returns.
with feeds as (select distinct feed, feed_title from agency_returns)

select
    coalesce(feeds.feed_title, accounts.feed) as feed_title,
    accounts.outcome,
    sum(accounts.row_count)::bigint as row_count,
    bool_or(accounts.is_suppressed) as is_suppressed
from row_accounts as accounts
left join feeds on accounts.feed = feeds.feed
where accounts.outcome not in ('accepted', 'counted')
group by coalesce(feeds.feed_title, accounts.feed), accounts.outcome
order by feed_title, row_count desc nulls last, accounts.outcome
