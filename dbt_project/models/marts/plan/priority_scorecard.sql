with items as (select * from {{ ref("plan_items") }} where item_kind = 'priority'),
measured as (select * from {{ ref("int_priorities__measured") }}),
links as (select * from {{ ref("plan_indicator_links") }}),
catalogue as (select * from {{ ref("indicator_catalogue") }}),
latest as (select * from {{ ref("int_plans__latest") }} where preference = 1),
areas as (select * from {{ ref("areas") }}),

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
        items.plan_id,
        items.priority_code,
        'priority' as item_kind,
        items.priority_code as item_code,
        cast(null as string) as indicator_code,
        items.published_text as label,
        cast(null as string) as item_status,
        items.plan_line,
        cast(null as string) as period_label,
        cast(null as string) as area_code,
        cast(null as string) as area_level,
        false as is_context,
        cast(null as double) as value,
        cast(null as double) as baseline_value,
        cast(null as double) as target_value,
        cast(null as integer) as months_elapsed,
        cast(null as double) as profiled_target_to_date,
        cast(null as string) as unit,
        cast(null as string) as rag,
        cast(null as string) as outcome,
        cast(null as double) as change_on_baseline_pct,
        cast(null as boolean) as change_is_significant,
        cast(null as string) as direction_of_travel,
        items.leads as lead_agency,
        true as comparable,
        false as is_synthetic,
        items.note
    from items
    union all
    select
        measured.plan_id,
        measured.priority_code,
        'target',
        measured.target_id,
        measured.indicator_code,
        measured.label,
        measured.target_status,
        measured.plan_line,
        measured.target_period,
        measured.area_code,
        areas.area_level,
        false,
        measured.actual_to_date,
        measured.baseline_to_date,
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
        measured.comparable,
        measured.is_synthetic,
        measured.note
    from measured
    inner join catalogue
        on measured.indicator_code = catalogue.indicator_code
    left join areas
        on measured.area_code = areas.area_code
    union all
    select
        links.plan_id,
        links.priority_code,
        'indicator',
        cast(links.link_number as string),
        links.indicator_code,
        coalesce(catalogue.title, links.published_text, links.indicator_code),
        links.link_type,
        links.plan_line,
        latest.period_label,
        latest.area_code,
        latest.area_level,
        coalesce(latest.is_context, false),
        latest.value,
        null,
        null,
        null,
        null,
        coalesce(catalogue.unit, latest.unit),
        null,
        null,
        null,
        null,
        null,
        items.leads,
        coalesce(latest.comparable, true),
        coalesce(latest.is_synthetic, false),
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
        )
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
