select
    plan_id,
    priority_code,
    kind,
    statement_number,
    published_text,
    plan_line
from {{ source("partnership", "plan_statements") }}
