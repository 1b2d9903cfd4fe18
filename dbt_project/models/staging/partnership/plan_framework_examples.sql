select
    plan_id,
    priority_code,
    example_number,
    published_text,
    plan_line,
    target_id,
    indicator_code,
    note
from {{ source("partnership", "plan_framework_examples") }}
