-- The plans of the release, with what became of the targets that each plan itself set.
with plans as (
    select plan_id, plan_title, plan_status from targets
    union
    select plan_id, plan_title, plan_status from plan_items
),

latest as (
    select * from target_vs_baseline
    qualify row_number() over (partition by target_id order by as_at desc) = 1
)

select
    plans.plan_id,
    any_value(plans.plan_title) as title,
    any_value(plans.plan_status) as status,
    count(latest.target_id) filter (latest.outcome = 'met') as met,
    count(latest.target_id) filter (latest.outcome = 'not_met') as not_met,
    count(latest.target_id) filter (latest.outcome = 'in_progress') as in_progress,
    count(latest.target_id) filter (latest.outcome not in ('met', 'not_met', 'in_progress')) as no_verdict
from plans
left join latest
    on plans.plan_id = latest.plan_id and latest.target_status in ('set', 'illustrative')
group by plans.plan_id
order by case any_value(plans.plan_status) when 'agreed' then 1 when 'illustrative' then 2 else 3 end, plans.plan_id
