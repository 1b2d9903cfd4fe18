-- The targets of a plan whose verdict, colour or figure is another than in the release before.
with now as (
    select * from target_vs_baseline
    where plan_id = $plan
    qualify row_number() over (partition by target_id order by as_at desc) = 1
),

before as (
    select * from previous.target_vs_baseline
    where plan_id = $plan
    qualify row_number() over (partition by target_id order by as_at desc) = 1
)

select
    now.target_id,
    targets.label,
    targets.indicator_code,
    indicators.decimals,
    before.as_at as previous_as_at,
    before.outcome as previous_outcome,
    before.rag as previous_rag,
    before.actual_to_date as previous_to_date,
    now.as_at,
    now.outcome,
    now.rag,
    now.actual_to_date
from now
left join before on now.target_id = before.target_id
inner join targets on now.target_id = targets.target_id
left join indicators on now.indicator_code = indicators.indicator_code
where
    now.target_status <> 'not_set'
    and (now.as_at, now.outcome, now.rag, now.actual_to_date)
    is distinct from (before.as_at, before.outcome, before.rag, before.actual_to_date)
order by now.target_period, targets.plan_line, now.target_id
