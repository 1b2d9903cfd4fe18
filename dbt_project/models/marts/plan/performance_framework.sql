with fields as (select * from {{ ref("plan_framework_fields") }}),
priorities as (select * from {{ ref("plan_items") }} where item_kind = 'priority'),

entries as (
    select
        *,
        'partnership' as theme_code
    from {{ ref("int_forms__of_partnerships") }}
    union all by name
    select * from {{ ref("int_forms__of_themes") }}
),

-- A field of the partnership once, a field of a theme for each priority, and for the partnership where something was noted of it.
themes as (
    select
        plan_id,
        'theme' as section,
        priority_code as theme_code
    from priorities
    union
    select
        plan_id,
        'partnership' as section,
        'partnership' as theme_code
    from fields
    union
    select
        plan_id,
        'theme' as section,
        theme_code
    from {{ ref("int_forms__of_themes") }}
),

placed as (
    select
        fields.*,
        themes.theme_code,
        entries.content,
        entries.content_line,
        entries.target_id,
        entries.indicator_code,
        entries.area_code,
        entries.is_context,
        entries.item_status,
        entries.rag,
        entries.outcome,
        entries.noted_on,
        entries.owner,
        entries.flags,
        entries.comparable,
        entries.is_suppressed,
        entries.is_synthetic,
        entries.note as entry_note,
        fields.filled_from not in ('people', 'project', 'issue', 'risk') as is_filled_from_data,
        row_number() over (
            partition by fields.plan_id, themes.theme_code, fields.field_number
            order by entries.group_number, entries.order_number, entries.order_text
        ) as entry_number
    from fields
    inner join themes
        on
            fields.plan_id = themes.plan_id
            and fields.section = themes.section
    left join entries
        on
            fields.plan_id = entries.plan_id
            and themes.theme_code = entries.theme_code
            and fields.filled_from = entries.filled_from
            and (entries.framework is null or {{ list_holds("fields.frameworks", "entries.framework") }})
    -- The partnership as a whole has of a theme's fields those that something was noted in.
    where entries.content is not null or fields.section = 'partnership' or themes.theme_code <> 'partnership'
)

select
    placed.plan_id,
    run_inputs.as_at,
    placed.theme_code,
    priorities.series,
    priorities.priority_number,
    placed.field_number,
    placed.section,
    placed.field,
    placed.plan_line,
    placed.published_text,
    placed.filled_from,
    cast(placed.entry_number as integer) as entry_number,
    case
        when placed.filled_from = 'published' then placed.published_text
        when not placed.is_filled_from_data or placed.content is not null then placed.content
        when placed.filled_from = 'performance' then 'no indicator or target of it'
        when placed.filled_from in ('owner', 'statutory_members', 'other_members') then 'nobody is named'
        else 'none'
    end as content,
    case when placed.filled_from = 'published' then placed.plan_line else placed.content_line end as content_line,
    placed.item_status,
    placed.target_id,
    placed.indicator_code,
    placed.area_code,
    placed.is_context,
    placed.rag,
    placed.outcome,
    placed.noted_on,
    placed.owner,
    placed.is_filled_from_data,
    placed.flags,
    coalesce(placed.comparable, true) as comparable,
    coalesce(placed.is_suppressed, false) as is_suppressed,
    coalesce(placed.is_synthetic, false) as is_synthetic,
    coalesce(placed.entry_note, case when placed.entry_number = 1 then placed.note end) as note
from placed
left join priorities
    on
        placed.plan_id = priorities.plan_id
        and placed.theme_code = priorities.priority_code
cross join {{ ref("stg_run__inputs") }} as run_inputs
order by placed.plan_id, placed.field_number, priorities.series, priorities.priority_number, placed.entry_number
