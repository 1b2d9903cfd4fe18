with priorities as (select * from {{ ref("plan_items") }} where item_kind = 'priority'),
measured as (select * from {{ ref("int_priorities__measured") }}),
targets as (select * from measured where outcome <> 'no_target'),
worded as (select * from {{ ref("int_targets__worded") }}),
progress as (select * from {{ ref("int_plans__progress") }}),
links as (select * from {{ ref("plan_indicator_links") }}),
examples as (select * from {{ ref("plan_framework_examples") }} where target_id is null),
run_inputs as (select * from {{ ref("stg_run__inputs") }}),

-- What the plan leaves open is part of its targets.
without_target as (
    select
        priorities.plan_id,
        priorities.priority_code,
        case
            when count(targets.target_id) = 0 then 'the plan sets no target under this priority'
            else
                'no target is set for: '
                || {{ listed("case when measured.outcome = 'no_target' then measured.target_period end") }}
        end as content
    from priorities
    left join measured
        on
            priorities.plan_id = measured.plan_id
            and priorities.priority_code = measured.priority_code
    left join targets
        on
            measured.priority_code = targets.priority_code
            and measured.target_id = targets.target_id
    group by priorities.plan_id, priorities.priority_code
),

-- An indicator once under a priority, and not beside a target that follows it there.
indicators as (
    select
        links.plan_id,
        links.priority_code,
        links.indicator_code,
        min(links.link_type) as item_status,
        min(links.link_number) as order_number,
        min(links.plan_line) as content_line
    from links
    left join targets
        on
            links.plan_id = targets.plan_id
            and links.priority_code = targets.priority_code
            and links.indicator_code = targets.indicator_code
    where targets.target_id is null
    group by links.plan_id, links.priority_code, links.indicator_code
    union all
    select
        plan_id,
        priority_code,
        indicator_code,
        'example' as item_status,
        1000 + example_number as order_number,
        plan_line as content_line
    from examples
    where indicator_code is not null
),

notes as (
    select meeting_notes.*
    from {{ ref("meeting_notes") }} as meeting_notes
    cross join run_inputs
    where
        meeting_notes.noted_on <= run_inputs.as_at
        and coalesce(meeting_notes.closed_on > run_inputs.as_at, true)
        and (meeting_notes.audience = 'public' or not {{ for_the_public() }})
)

select
    plan_id,
    priority_code as theme_code,
    'theme' as filled_from,
    0 as group_number,
    cast(0 as double) as order_number,
    cast(null as string) as order_text,
    {{ without_capitals("published_text") }} as content,
    plan_line as content_line
from priorities
union all by name
select
    plan_id,
    priority_code as theme_code,
    'owner' as filled_from,
    plan_line as order_number,
    published_name as order_text,
    published_name as content,
    plan_line as content_line,
    note
from {{ ref("plan_leads") }}
where role <> 'support'
union all by name
select
    targets.plan_id,
    targets.priority_code as theme_code,
    'targets' as filled_from,
    case targets.target_status when 'set' then 0 else 1 end as group_number,
    targets.plan_line as order_number,
    targets.target_id as order_text,
    targets.label as content,
    targets.plan_line as content_line,
    targets.target_id,
    targets.indicator_code,
    targets.area_code,
    targets.target_status as item_status,
    published.remark as note
from targets
inner join {{ ref("targets") }} as published
    on targets.target_id = published.target_id
union all by name
select
    plan_id,
    priority_code as theme_code,
    'targets' as filled_from,
    2 as group_number,
    example_number as order_number,
    'in the form, as an example: ' || published_text as content,
    plan_line as content_line,
    indicator_code,
    'example' as item_status,
    note
from examples
union all by name
select
    plan_id,
    priority_code as theme_code,
    'targets' as filled_from,
    3 as group_number,
    content
from without_target
where content is not null
union all by name
select
    targets.plan_id,
    targets.priority_code as theme_code,
    'performance' as filled_from,
    case targets.target_status when 'set' then 0 else 1 end as group_number,
    targets.plan_line as order_number,
    targets.target_id as order_text,
    {{ with_status("worded.progress", "targets.target_status") }} as content,
    targets.plan_line as content_line,
    targets.target_id,
    targets.indicator_code,
    targets.area_code,
    targets.target_status as item_status,
    targets.rag,
    targets.outcome,
    targets.comparable,
    targets.is_synthetic,
    worded.flags
from targets
inner join worded
    on targets.target_id = worded.target_id
union all by name
select
    indicators.plan_id,
    indicators.priority_code as theme_code,
    'performance' as filled_from,
    2 as group_number,
    indicators.order_number,
    indicators.indicator_code as order_text,
    {{ with_status("progress.progress", "indicators.item_status") }} as content,
    indicators.content_line,
    indicators.indicator_code,
    progress.area_code,
    progress.is_context,
    indicators.item_status,
    progress.comparable,
    progress.is_suppressed,
    progress.is_synthetic,
    progress.flags,
    progress.note
from indicators
inner join progress
    on
        indicators.plan_id = progress.plan_id
        and indicators.indicator_code = progress.indicator_code
union all by name
select
    plan_id,
    coalesce(priority_code, 'partnership') as theme_code,
    case kind when 'action' then 'targets' else kind end as filled_from,
    4 as group_number,
    note_number as order_number,
    case kind when 'action' then 'action: ' else '' end || note_text as content,
    kind as item_status,
    noted_on,
    owner
from notes
