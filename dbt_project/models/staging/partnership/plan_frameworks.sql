select
    plan_id,
    framework,
    plan_line
from {{ source("partnership", "plan_frameworks") }}
