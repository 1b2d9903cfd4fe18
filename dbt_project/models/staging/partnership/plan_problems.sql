select
    plan_id,
    problem_code,
    problem,
    view_indicator,
    recorded_indicator,
    reasoning,
    confidence,
    decided_by
from {{ source("partnership", "plan_problems") }}
