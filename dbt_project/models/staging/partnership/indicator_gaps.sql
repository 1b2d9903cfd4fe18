select
    indicator_code,
    minuend_indicator,
    subtrahend_indicator,
    replaces,
    defined_by
from {{ source("partnership", "indicator_gaps") }}
