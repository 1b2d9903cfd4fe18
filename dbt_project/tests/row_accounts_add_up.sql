-- Detects: a feed and period whose outcomes do not add up to the rows of its standing deliveries.
-- Usually means: raw Parquet and ledger disagree, or a row was counted twice or under no named reason.
-- Rows: one per feed and period, with the rows accounted for and the rows delivered.

with accounted as (
    select
        feed,
        period_start,
        sum(row_count) as row_count
    from {{ ref("int_rows__accounted") }}
    group by feed, period_start
),

delivered as (
    select
        feed,
        period_start,
        sum(rows_delivered) as rows_delivered
    from {{ ref("int_deliveries__ranked") }}
    where is_standing
    group by feed, period_start
)

select
    coalesce(accounted.feed, delivered.feed) as feed,
    coalesce(accounted.period_start, delivered.period_start) as period_start,
    accounted.row_count,
    delivered.rows_delivered
from accounted
full outer join delivered
    on
        accounted.feed = delivered.feed
        and accounted.period_start is not distinct from delivered.period_start
where coalesce(accounted.row_count, 0) <> coalesce(delivered.rows_delivered, 0)
