select
    plan_id,
    priority_code,
    area_code,
    published_name,
    plan_line,
    minimum_count,
    tolerance_pct,
    note
from {{ source("partnership", "plan_neighbourhoods") }}
