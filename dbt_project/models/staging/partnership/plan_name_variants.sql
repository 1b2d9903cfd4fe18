select
    plan_id,
    plan_line,
    published_name,
    kind,
    standard_name,
    partner_code,
    note
from {{ source("partnership", "plan_name_variants") }}
