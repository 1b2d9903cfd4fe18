with items as (select * from {{ ref("plan_items") }} where item_kind = 'priority'),
measured as (select * from {{ ref("int_priorities__measured") }}),
links as (select * from {{ ref("plan_indicator_links") }}),
catalogue as (select * from {{ ref("indicator_catalogue") }}),
latest as (select * from {{ ref("int_plans__latest") }} where preference = 1),
areas as (select * from {{ ref("areas") }}),
worded as (select * from {{ ref("int_targets__worded") }}),
progress as (select * from {{ ref("int_plans__progress") }}),

counted as (
    select
        plan_id,
        priority_code,
        sum(case when is_own then 1 else 0 end) as target_count,
        sum(case when is_measured then 1 else 0 end) as measured_targets,
        sum(case when target_status = 'derived' then 1 else 0 end) as derived_targets
    from measured
    group by plan_id, priority_code
),

rows_of_priorities as (
    select
        plan_id,
        priority_code,
        'priority' as item_kind,
        priority_code as item_code,
        published_text as label,
        plan_line,
        false as is_context,
        leads as lead_agency,
        true as comparable,
        false as is_synthetic,
        note
    from items
    union all by name
    select
        measured.plan_id,
        measured.priority_code,
        'target' as item_kind,
        measured.target_id as item_code,
        measured.indicator_code,
        measured.label,
        measured.target_status as item_status,
        measured.plan_line,
        measured.target_period as period_label,
        measured.area_code,
        areas.area_level,
        false as is_context,
        measured.actual_to_date as value,
        measured.baseline_to_date as baseline_value,
        measured.target_value,
        measured.months_elapsed,
        measured.profiled_target_to_date,
        catalogue.unit,
        measured.rag,
        measured.outcome,
        measured.change_on_baseline_pct,
        measured.change_is_significant,
        measured.direction_of_travel,
        measured.lead_agency,
        worded.progress,
        measured.comparable,
        measured.is_synthetic,
        measured.note
    from measured
    inner join catalogue
        on measured.indicator_code = catalogue.indicator_code
    left join areas
        on measured.area_code = areas.area_code
    left join worded
        on measured.target_id = worded.target_id
    union all by name
    select
        links.plan_id,
        links.priority_code,
        'indicator' as item_kind,
        cast(links.link_number as string) as item_code,
        links.indicator_code,
        coalesce(catalogue.title, links.published_text, links.indicator_code) as label,
        links.link_type as item_status,
        links.plan_line,
        latest.period_label,
        latest.area_code,
        latest.area_level,
        coalesce(latest.is_context, false) as is_context,
        latest.value,
        coalesce(catalogue.unit, latest.unit) as unit,
        items.leads as lead_agency,
        progress.progress,
        coalesce(latest.comparable, true) as comparable,
        coalesce(latest.is_synthetic, false) as is_synthetic,
        nullif(
            concat_ws(
                '; ',
                latest.note,
                case
                    when latest.indicator_code is null
                        then coalesce(catalogue.availability_reason, 'no complete year of it was delivered')
                end,
                links.interpretation_note
            ),
            ''
        ) as note
    from links
    inner join items
        on
            links.plan_id = items.plan_id
            and links.priority_code = items.priority_code
    left join catalogue
        on links.indicator_code = catalogue.indicator_code
    left join latest
        on
            links.plan_id = latest.plan_id
            and links.indicator_code = latest.indicator_code
    left join progress
        on
            links.plan_id = progress.plan_id
            and links.indicator_code = progress.indicator_code
)

select
    rows_of_priorities.plan_id,
    items.series,
    items.priority_number,
    rows_of_priorities.priority_code,
    items.published_text as priority_title,
    items.section_present,
    cast(coalesce(counted.target_count, 0) as integer) as target_count,
    cast(coalesce(counted.measured_targets, 0) as integer) as measured_targets,
    cast(coalesce(counted.derived_targets, 0) as integer) as derived_targets,
    rows_of_priorities.item_kind,
    rows_of_priorities.item_code,
    rows_of_priorities.indicator_code,
    rows_of_priorities.label,
    rows_of_priorities.item_status,
    rows_of_priorities.plan_line,
    rows_of_priorities.lead_agency,
    rows_of_priorities.period_label,
    rows_of_priorities.area_code,
    rows_of_priorities.area_level,
    rows_of_priorities.is_context,
    rows_of_priorities.value,
    rows_of_priorities.baseline_value,
    rows_of_priorities.target_value,
    rows_of_priorities.months_elapsed,
    rows_of_priorities.profiled_target_to_date,
    rows_of_priorities.unit,
    rows_of_priorities.rag,
    rows_of_priorities.outcome,
    rows_of_priorities.change_on_baseline_pct,
    rows_of_priorities.change_is_significant,
    rows_of_priorities.direction_of_travel,
    rows_of_priorities.progress,
    rows_of_priorities.comparable,
    rows_of_priorities.is_synthetic,
    rows_of_priorities.note
from rows_of_priorities
inner join items
    on
        rows_of_priorities.plan_id = items.plan_id
        and rows_of_priorities.priority_code = items.priority_code
left join counted
    on
        rows_of_priorities.plan_id = counted.plan_id
        and rows_of_priorities.priority_code = counted.priority_code
order by
    rows_of_priorities.plan_id, items.series, items.priority_number, rows_of_priorities.item_kind,
    rows_of_priorities.plan_line, rows_of_priorities.item_code
