with source as (select * from {{ source("reference", "partnerships") }})

select
    csp_code,
    csp_name,
    force_code
from source
