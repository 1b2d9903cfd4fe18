with source as (select * from {{ source("raw", "police__incidents") }})

select
    'police/incidents' as feed,
    file_sha256,
    row_number,
    incident_number as record_key,
    {{ month_of("created_date") }} as month,
    lower(closing_category) as category,
    concat_ws(
        ';',
        replace(replace(lower(qualifier), '; ', ';'), ' ;', ';'),
        case when linked_crime_number is not null or lower(result) = 'crime recorded' then 'crime_result' end,
        case when duplicate_of is not null then 'duplicate' end
    ) as tags,
    cast(1 as double) as counts_for,
    {{ row_places(ward_code="ward_code", beat_code="beat_code", locality="locality") }}
from source
