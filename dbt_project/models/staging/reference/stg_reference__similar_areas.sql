with source as (select * from {{ source("reference", "similar_areas") }})

select
    area_code,
    sense,
    unnest(string_split(similar_area_codes, ';')) as similar_area_code
from source
