with source as (select * from {{ source("raw", "partners__priority_offenders") }})

select
    file_sha256,
    row_number,
    on_list_since,
    convictions_before,
    convictions_after,
    district_code
from source
