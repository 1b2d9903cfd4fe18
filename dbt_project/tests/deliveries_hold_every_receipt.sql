-- Detects: a delivery of the ledger that is missing from or doubled in the published deliveries.
-- Usually means: a join multiplied or dropped receipts.
-- Rows: one per delivery whose number of rows differs.

with published as (
    select
        delivery_name,
        count(*) as row_count
    from {{ ref("deliveries") }}
    group by delivery_name
),

recorded as (
    select
        delivery_name,
        count(*) as row_count
    from {{ ref("stg_ledger__receipts") }}
    group by delivery_name
)

select
    coalesce(published.delivery_name, recorded.delivery_name) as delivery_name,
    published.row_count as published_count,
    recorded.row_count as recorded_count
from published
full outer join recorded
    on published.delivery_name = recorded.delivery_name
where published.row_count is distinct from recorded.row_count
