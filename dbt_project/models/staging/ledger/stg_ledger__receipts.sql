with source as (select * from {{ source("ledger", "receipts") }})

select
    receipt_number,
    agency || '/' || feed as feed,
    agency,
    feed as feed_name,
    file_sha256,
    file_name,
    supplier,
    period_start,
    period_end,
    cast(received_at as timestamp) as received_at,
    rows_delivered,
    rows_accepted,
    rows_rejected,
    outcome,
    {{ joined("reasons", "; ") }} as reasons,
    rejected_by_rule,
    is_synthetic
from source
