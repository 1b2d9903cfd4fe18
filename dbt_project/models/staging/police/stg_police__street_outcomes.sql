select
    file_sha256,
    row_number,
    last_outcome_category as last_outcome
from {{ source("raw", "police__street_crime") }}
