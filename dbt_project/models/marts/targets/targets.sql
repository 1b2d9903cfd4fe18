with plan_targets as (select * from {{ ref("plan_targets") }}),
plans as (select * from {{ ref("plans") }}),
rag_schemes as (select * from {{ ref("rag_schemes") }})

select
    plan_targets.target_id,
    plan_targets.plan_id,
    plans.title as plan_title,
    plans.status as plan_status,
    plan_targets.priority_code,
    plan_targets.lead_agency,
    plan_targets.indicator_code,
    plan_targets.area_code,
    plan_targets.basis,
    plan_targets.baseline_period,
    plan_targets.target_period,
    plan_targets.target_change_pct,
    plan_targets.target_change_points,
    plan_targets.target_absolute,
    plan_targets.target_type,
    plan_targets.target_status,
    plan_targets.profile,
    plan_targets.rag_scheme,
    rag_schemes.basis as rag_basis,
    rag_schemes.tolerance,
    plan_targets.label,
    plan_targets.plan_line,
    plan_targets.remark,
    plan_targets.source
from plan_targets
inner join plans
    on plan_targets.plan_id = plans.plan_id
inner join rag_schemes
    on plan_targets.rag_scheme = rag_schemes.rag_scheme
order by plan_targets.target_id
