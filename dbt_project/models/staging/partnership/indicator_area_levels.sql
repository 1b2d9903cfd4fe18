select
    area_level,
    period_type,
    latest_months,
    replaces,
    defined_by
from {{ source("partnership", "indicator_area_levels") }}
