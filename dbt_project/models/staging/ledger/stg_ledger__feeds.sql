with source as (select * from {{ source("ledger", "feeds") }})

select
    source_feed as feed,
    title,
    revision_window_months,
    months_per_period,
    due_days,
    slack_days,
    is_owed,
    last_day
from source
