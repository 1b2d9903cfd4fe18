select
    plan_id,
    field_number,
    section,
    field,
    plan_line,
    published_text,
    filled_from,
    frameworks,
    note
from {{ source("partnership", "plan_framework_fields") }}
