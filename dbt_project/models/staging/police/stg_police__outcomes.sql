with source as (select * from {{ source("raw", "police__outcomes") }})

select
    'police/outcomes' as feed,
    file_sha256,
    row_number,
    crime_id as record_key,
    month,
    outcome_type as category,
    '' as tags,
    cast(1 as double) as counts_for,
    {{ row_places(lsoa_code="lsoa_code") }}
from source
