select
    area_level,
    period_type,
    replaces,
    defined_by
from {{ source("partnership", "indicator_area_levels") }}
