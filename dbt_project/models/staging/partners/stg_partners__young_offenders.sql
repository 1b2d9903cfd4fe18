with source as (select * from {{ source("raw", "partners__young_offenders") }})

select
    file_sha256,
    row_number,
    person_id as person_key,
    cohort_date,
    age,
    first_time_entrant as is_first_time_entrant,
    follow_up_months,
    reoffences_12
from source
