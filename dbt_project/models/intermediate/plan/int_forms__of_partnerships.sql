with plans as (select * from {{ ref("plans") }}),
priorities as (select * from {{ ref("plan_items") }} where item_kind = 'priority'),

members as (
    select
        plan_partners.plan_id,
        case when plan_partners.membership = 'statutory' then 'statutory_members' else 'other_members' end as filled_from,
        plan_partners.partner_name,
        plan_partners.plan_line
    from {{ ref("plan_partners") }} as plan_partners
    inner join plans
        on plan_partners.plan_id = plans.plan_id
    where
        plan_partners.membership <> 'named_in_text'
        and plan_partners.valid_from <= plans.starts_on
        and coalesce(plan_partners.valid_to, plans.starts_on) >= plans.starts_on
),

-- By the strands in the plan's words, where it names any.
frameworks as (
    select
        plan_id,
        framework,
        plan_strand_number,
        plan_strand,
        strand_line,
        count(distinct indicator_code) as indicator_count,
        count(distinct case when figure_status = 'figure' and not is_context then indicator_code end) as own_count,
        count(distinct case when figure_status = 'figure' then indicator_code end) as any_count
    from {{ ref("int_frameworks__measured") }}
    group by plan_id, framework, plan_strand_number, plan_strand, strand_line
),

targets as (
    select distinct
        measured.plan_id,
        measured.target_id,
        measured.target_status,
        measured.indicator_code,
        measured.area_code,
        measured.rag,
        measured.outcome,
        measured.comparable,
        measured.is_synthetic,
        targets.plan_line
    from {{ ref("int_priorities__measured") }} as measured
    inner join {{ ref("targets") }} as targets
        on measured.target_id = targets.target_id
    where measured.is_own or measured.target_status = 'derived'
)

select
    plan_id,
    'partnership' as filled_from,
    cast(null as string) as framework,
    0 as group_number,
    cast(0 as double) as order_number,
    cast(null as string) as order_text,
    partnership as content,
    cast(null as integer) as content_line
from plans
union all by name
select
    plan_id,
    filled_from,
    plan_line as order_number,
    partner_name as order_text,
    partner_name as content,
    plan_line as content_line
from members
union all by name
select
    plan_id,
    'priorities' as filled_from,
    case series when 'HL' then 0 else 1 end as group_number,
    priority_number as order_number,
    {{ without_capitals("published_text") }} as content,
    plan_line as content_line
from priorities
union all by name
select
    plan_id,
    'owners' as filled_from,
    case series when 'HL' then 0 else 1 end as group_number,
    priority_number as order_number,
    {{ without_capitals("published_text") }} || ': ' || coalesce(leads, 'nobody is named') as content,
    plan_line as content_line
from priorities
union all by name
select
    frameworks.plan_id,
    'frameworks' as filled_from,
    frameworks.framework,
    dense_rank() over (partition by frameworks.plan_id order by frameworks.framework) as group_number,
    coalesce(frameworks.plan_strand_number, 1000) as order_number,
    frameworks.framework as order_text,
    frameworks.framework || ': ' || coalesce(
        rtrim(frameworks.plan_strand, '.') || ': ',
        case
            when count(frameworks.plan_strand) over (partition by frameworks.plan_id, frameworks.framework) > 0
                then 'under none of its strands: '
        end,
        ''
    ) || frameworks.indicator_count
    || case when frameworks.indicator_count = 1 then ' indicator, ' else ' indicators, ' end
    || frameworks.own_count || ' with a figure of the plan''s area'
    || case
        when frameworks.any_count > frameworks.own_count
            then ', ' || (frameworks.any_count - frameworks.own_count) || ' of a wider area alone'
        else ''
    end as content,
    coalesce(frameworks.strand_line, plan_frameworks.plan_line) as content_line
from frameworks
inner join {{ ref("plan_frameworks") }} as plan_frameworks
    on
        frameworks.plan_id = plan_frameworks.plan_id
        and frameworks.framework = plan_frameworks.framework
union all by name
select
    plan_id,
    'targets_summary' as filled_from,
    0 as group_number,
    summary as content
from {{ ref("int_plans__target_summary") }}
union all by name
select
    targets.plan_id,
    'targets_summary' as filled_from,
    case targets.target_status when 'derived' then 2 else 1 end as group_number,
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
inner join {{ ref("int_targets__worded") }} as worded
    on targets.target_id = worded.target_id
