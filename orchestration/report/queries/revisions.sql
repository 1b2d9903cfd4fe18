-- What corrections changed, feed by feed.
select
    feed,
    count(distinct period_start) as deliveries,
    count(*) as figures,
    min(month) as first_month,
    max(month) as last_month,
    max(abs(change)) as largest_change
from revisions
group by feed
order by feed
