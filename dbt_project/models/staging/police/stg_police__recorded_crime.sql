with source as (select * from {{ source("raw", "police__recorded_crime") }})

select
    'police/recorded_crime' as feed,
    file_sha256,
    row_number,
    crime_number as record_key,
    {{ month_of("date_recorded") }} as month,
    {{ offence_code_spelling("offence_code") }} as category,
    concat_ws(
        ';',
        case when alcohol_flag then 'alcohol' end,
        case when domestic_flag then 'domestic' end,
        case when hate_flag then 'hate' end,
        case when no_crime then 'no_crime' end,
        case when transferred_to is not null then 'transferred' end
    ) as tags,
    cast(1 as double) as counts_for,
    {{ row_places(ward_code="ward_code", beat_code="beat_code", locality="locality") }},
    lower(outcome) as outcome
from source
