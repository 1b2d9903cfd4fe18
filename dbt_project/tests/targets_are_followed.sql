-- Detects: a target of a plan that is missing from the published targets or from their follow-up.
-- Usually means: its plan, scheme or indicator code is misspelt, so that a join dropped it.
-- Rows: the targets that got lost.

select plan_targets.*
from {{ ref("plan_targets") }} as plan_targets
where
    plan_targets.target_id not in (select targets.target_id from {{ ref("targets") }} as targets)
    or plan_targets.target_id not in (select followed.target_id from {{ ref("target_vs_baseline") }} as followed)
