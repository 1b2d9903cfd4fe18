with source as (select * from {{ source("raw", "partners__marac_cases") }})

select
    file_sha256,
    row_number,
    case_number,
    meeting_date,
    -- Two people are one pair, whoever is named first.
    least(victim_id, perpetrator_id) || ' ' || greatest(victim_id, perpetrator_id) as pair_key,
    referred_on,
    repeat_as_typed,
    district_code
from source
