with source as (select * from {{ source("ledger", "feeds") }})

select
    source_feed as feed,
    title,
    revision_window_months,
    rows_are_people
from source
