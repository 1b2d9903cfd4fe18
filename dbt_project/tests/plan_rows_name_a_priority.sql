-- Detects: a row of a plan whose priority its plan_priorities do not hold, and a target of a priority that target_priorities lack.
-- Usually means: the priority's code is misspelt, or a target was added to one seed alone; scorecards would leave it out.
-- Rows: the seed, the plan, the priority and, of targets, the target.

with targets as (select * from {{ ref("plan_targets") }}),
target_priorities as (select * from {{ ref("target_priorities") }}),

named as (
    select
        'plan_statements' as seed,
        plan_id,
        priority_code,
        cast(null as string) as target_id
    from {{ ref("plan_statements") }}
    union all
    select
        'plan_indicator_links',
        plan_id,
        priority_code,
        null
    from {{ ref("plan_indicator_links") }}
    union all
    select
        'plan_leads',
        plan_id,
        priority_code,
        null
    from {{ ref("plan_leads") }}
    union all
    select
        'plan_neighbourhoods',
        plan_id,
        priority_code,
        null
    from {{ ref("plan_neighbourhoods") }}
    union all
    select
        'plan_framework_examples',
        plan_id,
        priority_code,
        target_id
    from {{ ref("plan_framework_examples") }}
    union all
    -- A note without a priority is of the partnership as a whole.
    select
        'meeting_notes',
        plan_id,
        priority_code,
        null
    from {{ ref("meeting_notes") }}
    where priority_code is not null
    union all
    select
        'target_priorities',
        targets.plan_id,
        target_priorities.priority_code,
        target_priorities.target_id
    from target_priorities
    left join targets
        on target_priorities.target_id = targets.target_id
)

select named.*
from named
left join {{ ref("plan_priorities") }} as priorities
    on
        named.plan_id = priorities.plan_id
        and named.priority_code = priorities.priority_code
where priorities.priority_code is null
union all
select
    'plan_targets' as seed,
    targets.plan_id,
    targets.priority_code,
    targets.target_id
from targets
left join target_priorities
    on
        targets.target_id = target_priorities.target_id
        and targets.priority_code = target_priorities.priority_code
where targets.priority_code is not null and target_priorities.target_id is null
