select
    plan_id,
    framework,
    strand_number,
    published_text,
    plan_line,
    domain_numbers
from {{ source("partnership", "plan_framework_strands") }}
