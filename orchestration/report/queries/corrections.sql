-- What corrections changed, feed by feed.
select
    feed,
    count(distinct file_sha256) as deliveries,
    count(*) as figures,
    min(month) as first_month,
    max(month) as last_month
from revisions
group by feed
order by feed
