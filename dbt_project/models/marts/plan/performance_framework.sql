with fields as (select * from {{ ref("plan_framework_fields") }}),
plans as (select * from {{ ref("plans") }}),
items as (select * from {{ ref("plan_items") }} where item_kind = 'priority'),
measured as (select * from {{ ref("int_priorities__measured") }} where outcome <> 'no_target'),

members as (
    select
        plan_partners.plan_id,
        {{ listed("case when plan_partners.membership = 'statutory' then plan_partners.partner_name end") }} as statutory,
        {{ listed("case when plan_partners.membership <> 'statutory' then plan_partners.partner_name end") }} as others
    from {{ ref("plan_partners") }} as plan_partners
    inner join plans
        on plan_partners.plan_id = plans.plan_id
    where
        plan_partners.membership <> 'named_in_text'
        and plan_partners.valid_from <= plans.starts_on
        and coalesce(plan_partners.valid_to, plans.starts_on) >= plans.starts_on
    group by plan_partners.plan_id
),

titles as (
    select
        plan_id,
        {{ listed("series || cast(priority_number as string) || ' ' || published_text") }} as titles
    from items
    group by plan_id
),

each_once as (
    select distinct
        plan_id,
        target_id,
        target_status,
        is_own,
        outcome
    from measured
),

target_counts as (
    select
        plan_id,
        sum(case when is_own then 1 else 0 end) as own_count,
        sum(case when is_own and outcome = 'met' then 1 else 0 end) as met_count,
        sum(case when is_own and outcome = 'not_met' then 1 else 0 end) as not_met_count,
        sum(case when target_status = 'derived' then 1 else 0 end) as derived_count,
        sum(case when target_status = 'illustrative' and not is_own then 1 else 0 end) as example_count,
        bool_or(target_status = 'illustrative' and is_own) as is_of_examples
    from each_once
    group by plan_id
),

summaries as (
    select
        plan_id,
        concat_ws(
            '; ',
            own_count || case when is_of_examples then ' illustrative' else '' end
            || case when own_count = 1 then ' target: ' else ' targets: ' end
            || met_count || ' met, ' || not_met_count || ' not met, '
            || own_count - met_count - not_met_count || ' without a verdict',
            'not counted: ' || nullif(
                concat_ws(
                    ', ',
                    case when derived_count > 0 then derived_count || ' derived' end,
                    case when example_count > 0 then example_count || ' illustrative' end
                ),
                ''
            )
        ) as summary
    from target_counts
),

themes as (
    select
        plan_id,
        priority_code,
        {{ listed("label || case when target_status = 'derived' then ' (derived)' else '' end") }} as targets,
        {{ listed(
            "target_id || case when target_status = 'set' then '' else ' (' || target_status || ')' end || ': '"
            " || outcome || ', ' || rag || ', as at ' || cast(as_at as string)"
        ) }} as performance
    from measured
    group by plan_id, priority_code
),

-- A field of the partnership once, a field of a theme for each priority.
placed as (
    select
        fields.*,
        items.priority_code,
        items.series,
        items.priority_number,
        items.published_text as theme_title,
        items.leads
    from fields
    left join items
        on
            fields.plan_id = items.plan_id
            and fields.section = 'theme'
)

select
    placed.plan_id,
    coalesce(placed.priority_code, 'partnership') as theme_code,
    placed.series,
    placed.priority_number,
    placed.field_number,
    placed.section,
    placed.field,
    placed.plan_line,
    placed.published_text,
    placed.filled_from,
    case placed.filled_from
        when 'partnership' then plans.partnership
        when 'members' then concat_ws('; ', 'Statutory: ' || members.statutory, 'Others: ' || members.others)
        when 'priorities' then titles.titles
        when 'targets_summary' then summaries.summary
        when 'theme' then placed.theme_title
        when 'owner' then coalesce(placed.leads, 'nobody is named')
        when 'targets' then coalesce(themes.targets, 'no target is set')
        when 'performance' then coalesce(themes.performance, 'nothing to measure against')
    end as content,
    placed.filled_from <> 'people' as is_filled_from_data,
    placed.note
from placed
inner join plans
    on placed.plan_id = plans.plan_id
left join members
    on placed.plan_id = members.plan_id
left join titles
    on placed.plan_id = titles.plan_id
left join summaries
    on placed.plan_id = summaries.plan_id
left join themes
    on
        placed.plan_id = themes.plan_id
        and placed.priority_code = themes.priority_code
order by placed.plan_id, placed.field_number, placed.series, placed.priority_number
