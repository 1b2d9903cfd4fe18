with source as (select * from {{ source("raw", "partners__probation_reoffending") }})

select
    file_sha256,
    row_number,
    snapshot_date,
    predicted_probability,
    reoffended as has_reoffended,
    district_code
from source
