select
    plan_id,
    priority_code,
    link_number,
    plan_line,
    published_code,
    published_text,
    indicator_code,
    link_type,
    aim_number,
    confidence,
    interpretation_note,
    decided_by
from {{ source("partnership", "plan_indicator_links") }}
