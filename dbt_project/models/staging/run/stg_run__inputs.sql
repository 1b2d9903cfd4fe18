with source as (select * from {{ source("run", "inputs") }})

select
    as_at,
    {{ add_months("cast(date_trunc('month', as_at + interval 1 day) as date)", -1) }} as last_month
from source
