with source as (select * from {{ source("raw", "home_office__csp_recorded_crime") }})

select
    'home_office/csp_recorded_crime' as feed,
    file_sha256,
    row_number,
    csp_name || ' ' || offence_code as record_key,
    cast(null as date) as month,
    {{ offence_code_spelling("offence_code") }} as category,
    '' as tags,
    cast(number_of_offences as double) as counts_for,
    {{ row_places(area_key="'csp:' || lower(csp_name)") }}
from source
