with source as (select * from {{ source("reference", "populations") }})

select
    area_code,
    area_level,
    mid_year,
    population,
    source
from source
