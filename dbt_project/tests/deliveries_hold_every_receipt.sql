-- Detects: a delivery of the ledger that is missing from or doubled in the published deliveries.
-- Usually means: a join multiplied or dropped receipts.
-- Rows: one per file and outcome whose number of deliveries differs.

with published as (
    select
        file_sha256,
        agency || '/' || feed as feed,
        received_at,
        count(*) as row_count
    from {{ ref("deliveries") }}
    group by file_sha256, agency || '/' || feed, received_at
),

recorded as (
    select
        file_sha256,
        feed,
        received_at,
        count(*) as row_count
    from {{ ref("stg_ledger__receipts") }}
    group by file_sha256, feed, received_at
)

select
    coalesce(published.file_sha256, recorded.file_sha256) as file_sha256,
    coalesce(published.feed, recorded.feed) as feed,
    published.row_count as published_count,
    recorded.row_count as recorded_count
from published
full outer join recorded
    on
        published.file_sha256 = recorded.file_sha256
        and published.feed = recorded.feed
        and published.received_at = recorded.received_at
where published.row_count is distinct from recorded.row_count
