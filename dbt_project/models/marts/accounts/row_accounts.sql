with accounted as (
    select
        accounted.*,
        {{ for_the_public() }} and coalesce(feeds.rows_are_people, true) as is_suppressed
    from {{ ref("int_rows__accounted") }} as accounted
    left join {{ ref("stg_ledger__feeds") }} as feeds
        on accounted.feed = feeds.feed
)

select
    feed,
    period_start,
    stage,
    outcome,
    case when not is_suppressed then row_count end as row_count,
    is_suppressed
from accounted
order by feed, period_start, stage, outcome
