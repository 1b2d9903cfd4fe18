with accounted as (select * from {{ ref("int_rows__accounted") }}),
feeds as (select * from {{ ref("stg_ledger__feeds") }})

select
    accounted.feed,
    accounted.period_start,
    accounted.stage,
    accounted.outcome,
    case when not feeds.rows_are_people then accounted.row_count end as row_count,
    coalesce(feeds.rows_are_people, true) as is_suppressed
from accounted
left join feeds
    on accounted.feed = feeds.feed
order by accounted.feed, accounted.period_start, accounted.stage, accounted.outcome
