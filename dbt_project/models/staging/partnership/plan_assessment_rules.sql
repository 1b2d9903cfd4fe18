select
    plan_id,
    section,
    rule_code,
    minimum_value,
    minimum_change_pct,
    minimum_ranks_higher,
    needs_worsening,
    counts_context,
    words,
    decided_by,
    source
from {{ source("partnership", "plan_assessment_rules") }}
