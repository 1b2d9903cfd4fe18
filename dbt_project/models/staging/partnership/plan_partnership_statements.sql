select
    plan_id,
    kind,
    statement_number,
    published_text,
    plan_line
from {{ source("partnership", "plan_partnership_statements") }}
