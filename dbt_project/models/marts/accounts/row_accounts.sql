with accounted as (select * from {{ ref("int_rows__accounted") }}),
of_people as (select * from {{ ref("int_feeds__of_people") }})

select
    accounted.feed,
    accounted.period_start,
    accounted.stage,
    accounted.outcome,
    case when of_people.feed is null then accounted.row_count end as row_count,
    of_people.feed is not null as is_suppressed
from accounted
left join of_people
    on accounted.feed = of_people.feed
order by accounted.feed, accounted.period_start, accounted.stage, accounted.outcome
