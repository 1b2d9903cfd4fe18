select
    plan_id,
    priority_code,
    aim_number,
    link_number,
    indicator_code,
    how_it_speaks,
    reasoning,
    would_measure,
    confidence,
    decided_by
from {{ source("partnership", "plan_aim_links") }}
