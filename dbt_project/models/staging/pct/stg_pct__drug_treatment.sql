with source as (select * from {{ source("raw", "pct__drug_treatment") }})

select
    file_sha256,
    row_number,
    client_id,
    modality_start,
    modality_end,
    lower(discharge_reason) as discharge_reason,
    substance_1,
    substance_2,
    substance_3,
    case when length(area_of_residence) = 9 then 'ons:' else 'snac:' end || area_of_residence as area_key
from source
