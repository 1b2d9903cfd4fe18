with source as (select * from {{ source("ledger", "missing_returns") }})

select
    source_feed as feed,
    agency,
    feed as feed_name,
    supplier,
    is_synthetic,
    period_start,
    period_end,
    due_on
from source
