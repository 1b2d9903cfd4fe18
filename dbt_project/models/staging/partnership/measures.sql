select
    measure_code,
    title,
    source_feed,
    unit,
    disclosure_rule,
    replaces,
    defined_by
from {{ source("partnership", "measures") }}
