with source as (select * from {{ source("reference", "lsoas") }})

select
    lsoa_code,
    lsoa_name,
    ward_code,
    district_code,
    is_2011,
    is_2021
from source
