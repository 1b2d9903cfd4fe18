-- Rows that no measure counts, and why; an intake's rejections are with the returns.
select
    feed,
    outcome,
    sum(row_count)::bigint as row_count,
    bool_or(is_suppressed) as is_suppressed
from row_accounts
where outcome not in ('accepted', 'counted')
group by feed, outcome
order by feed, row_count desc nulls last, outcome
