with source as (select * from {{ source("raw", "police__street_crime") }})

select
    'police/street_crime' as feed,
    file_sha256,
    row_number,
    crime_id as record_key,
    month,
    crime_type as category,
    '' as tags,
    cast(1 as double) as counts_for,
    {{ row_places(lsoa_code="lsoa_code") }}
from source
