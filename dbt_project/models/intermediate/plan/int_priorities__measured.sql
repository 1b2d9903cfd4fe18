with plans as (select * from {{ ref("plans") }}),
targets as (select * from {{ ref("targets") }}),
target_links as (select * from {{ ref("target_links") }}),

progress as (
    select
        *,
        row_number() over (
            partition by target_id
            order by months_elapsed desc
        ) as recency
    from {{ ref("target_vs_baseline") }}
),

-- What follows from others is nobody's promise, and an example only where the whole plan is one.
owned as (
    select
        targets.target_id,
        targets.target_status = 'set'
        or (targets.target_status = 'illustrative' and plans.status = 'illustrative') as is_own
    from targets
    inner join plans
        on targets.plan_id = plans.plan_id
)

-- A target that a plan states under two priorities is one target with a row under each.
select
    target_links.plan_id,
    target_links.priority_code,
    target_links.series,
    target_links.priority_number,
    targets.target_id,
    targets.label,
    targets.target_status,
    target_links.plan_line,
    target_links.lead_agency,
    progress.indicator_code,
    progress.area_code,
    progress.target_period,
    progress.as_at,
    progress.months_elapsed,
    progress.actual_to_date,
    progress.baseline_to_date,
    progress.profiled_target_to_date,
    progress.target_value,
    progress.change_on_baseline_pct,
    progress.change_is_significant,
    progress.rag,
    progress.outcome,
    progress.direction_of_travel,
    progress.comparable,
    progress.is_synthetic,
    progress.note,
    owned.is_own,
    owned.is_own and progress.outcome in ('met', 'not_met', 'in_progress') as is_measured
from target_links
inner join targets
    on target_links.target_id = targets.target_id
inner join owned
    on targets.target_id = owned.target_id
inner join progress
    on
        targets.target_id = progress.target_id
        and progress.recency = 1
