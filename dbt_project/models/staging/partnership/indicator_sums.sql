select
    indicator_code,
    part_indicator,
    replaces,
    defined_by
from {{ source("partnership", "indicator_sums") }}
