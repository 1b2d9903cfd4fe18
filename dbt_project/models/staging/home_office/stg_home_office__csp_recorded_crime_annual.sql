with source as (select * from {{ source("raw", "home_office__csp_recorded_crime_annual") }})

select
    'home_office/csp_recorded_crime_annual' as feed,
    file_sha256,
    row_number,
    csp_name || ' ' || offence_code || ' row ' || row_number as record_key,
    cast(null as date) as month,
    -- Tables by heading were taken in here once; they have a feed of their own.
    coalesce({{ offence_code_spelling("offence_code") }}, 'no offence') as category,
    '' as tags,
    cast(number_of_offences as double) as counts_for,
    {{ row_places(area_key="'csp:' || lower(csp_name)") }}
from source
