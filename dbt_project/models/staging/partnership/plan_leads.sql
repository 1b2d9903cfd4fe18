select
    plan_id,
    priority_code,
    partner_code,
    role,
    published_name,
    plan_line,
    note
from {{ source("partnership", "plan_leads") }}
