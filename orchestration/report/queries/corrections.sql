-- What corrections changed, feed by feed.
with feeds as (select distinct feed, feed_title from agency_returns)

select
    coalesce(feed_title, feed) as feed,
    count(distinct file_sha256) as deliveries,
    count(*) as figures,
    min(month) as first_month,
    max(month) as last_month
from revisions
left join feeds using (feed)
group by coalesce(feed_title, feed)
order by feed
