with source as (select * from {{ source("raw", "council__asb_cases") }})

select
    file_sha256,
    row_number,
    case_reference,
    received_on,
    coalesce(incident_date, received_on) as happened_on,
    incident_date is null as is_incident_date_unknown,
    lower(category) as category,
    lower(locality) as locality,
    -- Typed by hand: `Egerton Ward` and `egerton` are one.
    trim(replace(lower(ward), ' ward', '')) as ward_typed,
    lower(status) = 'reopened' as is_reopened
from source
