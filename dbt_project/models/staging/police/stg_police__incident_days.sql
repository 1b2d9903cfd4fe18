with source as (select * from {{ source("raw", "police__incidents") }})

select
    file_sha256,
    row_number,
    created_date
from source
