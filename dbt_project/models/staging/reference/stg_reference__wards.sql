with source as (select * from {{ source("reference", "wards") }})

select
    ward_code,
    ward_name
from source
