select
    plan_id,
    target_id,
    priority_code,
    series,
    priority_number,
    plan_line,
    published_text
from {{ source("partnership", "target_priorities") }}
