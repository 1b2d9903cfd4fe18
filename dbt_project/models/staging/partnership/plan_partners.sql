select
    plan_id,
    partner_code,
    partner_name,
    membership,
    valid_from,
    valid_to,
    agency,
    suppliers,
    plan_line,
    definition_status,
    note
from {{ source("partnership", "plan_partners") }}
