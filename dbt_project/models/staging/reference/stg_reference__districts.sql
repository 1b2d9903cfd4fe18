with source as (select * from {{ source("reference", "districts") }})

select
    district_code,
    district_name,
    csp_code,
    force_code
from source
