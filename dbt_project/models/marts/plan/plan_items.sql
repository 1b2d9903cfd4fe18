with priorities as (select * from {{ ref("plan_priorities") }}),
statements as (select * from {{ ref("plan_statements") }}),
plans as (select * from {{ ref("plans") }}),
links as (select * from {{ ref("plan_indicator_links") }}),

leads as (
    select
        plan_id,
        priority_code,
        {{ listed("case when role <> 'support' then published_name end") }} as leads,
        {{ listed("case when role = 'support' then published_name end") }} as supporting_partners
    from {{ ref("plan_leads") }}
    group by plan_id, priority_code
),

-- Several figures of one published row are one indicator of the plan.
measured as (
    select
        plan_id,
        priority_code,
        count(distinct case when link_type <> 'proposed' then coalesce(plan_line, link_number) end) as stated_indicators,
        {{ listed("case when link_type = 'proposed' then indicator_code end") }} as proposed_indicators
    from links
    group by plan_id, priority_code
),

proposed_for_aims as (
    select
        plan_id,
        priority_code,
        aim_number,
        {{ listed("indicator_code") }} as proposed_indicators
    from links
    where aim_number is not null
    group by plan_id, priority_code, aim_number
),

items as (
    select
        priorities.plan_id,
        priorities.priority_code,
        'priority' as item_kind,
        cast(priorities.priority_number as string) as item_number,
        priorities.published_title as published_text,
        priorities.plan_line,
        measured.stated_indicators,
        measured.proposed_indicators,
        leads.leads,
        leads.supporting_partners
    from priorities
    left join measured
        on
            priorities.plan_id = measured.plan_id
            and priorities.priority_code = measured.priority_code
    left join leads
        on
            priorities.plan_id = leads.plan_id
            and priorities.priority_code = leads.priority_code
    {% for kind, text, line in [
        ("section", "section_title", "section_line"), ("purpose", "section_purpose", "section_purpose_line")
    ] %}
        union all by name
        select
            plan_id,
            priority_code,
            '{{ kind }}' as item_kind,
            cast(section_number as string) as item_number,
            {{ text }} as published_text,
            {{ line }} as plan_line
        from priorities
        where {{ text }} is not null
    {% endfor %}
    union all by name
    select
        statements.plan_id,
        statements.priority_code,
        statements.kind as item_kind,
        statements.statement_number as item_number,
        statements.published_text,
        statements.plan_line,
        proposed_for_aims.proposed_indicators
    from statements
    left join proposed_for_aims
        on
            statements.plan_id = proposed_for_aims.plan_id
            and statements.priority_code = proposed_for_aims.priority_code
            and statements.statement_number = proposed_for_aims.aim_number
            and statements.kind = 'aim'
    union all by name
    select
        plan_id,
        'partnership' as priority_code,
        kind as item_kind,
        cast(statement_number as string) as item_number,
        published_text,
        plan_line
    from {{ ref("plan_partnership_statements") }}
)

select
    items.plan_id,
    plans.title as plan_title,
    plans.status as plan_status,
    items.priority_code,
    priorities.series,
    priorities.priority_number,
    priorities.section_present,
    items.item_kind,
    items.item_number,
    items.published_text,
    items.plan_line,
    case
        when items.item_kind = 'priority' then coalesce(cast(items.stated_indicators as integer), 0)
    end as stated_indicators,
    items.proposed_indicators,
    items.leads,
    items.supporting_partners,
    case when items.item_kind = 'priority' then priorities.note end as note
from items
inner join plans
    on items.plan_id = plans.plan_id
left join priorities
    on
        items.plan_id = priorities.plan_id
        and items.priority_code = priorities.priority_code
order by items.plan_id, priorities.series, priorities.priority_number, items.item_kind, items.item_number
