-- What corrected deliveries changed since the release before, feed by feed.
with feeds as (select distinct feed, feed_title from agency_returns)

select
    coalesce(feeds.feed_title, now.feed) as feed,
    count(distinct now.file_sha256) as deliveries,
    count(*) as figures,
    min(now.month) as first_month,
    max(now.month) as last_month
from revisions as now
left join previous.revisions as before
    on
        now.feed = before.feed
        and now.month = before.month
        and now.measure_code = before.measure_code
        and now.area_code = before.area_code
        and now.file_sha256 = before.file_sha256
        and now.previous_file_sha256 = before.previous_file_sha256
left join feeds on now.feed = feeds.feed
where before.feed is null
group by coalesce(feeds.feed_title, now.feed)
order by feed
