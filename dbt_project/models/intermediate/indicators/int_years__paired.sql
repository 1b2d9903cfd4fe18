{{ config(materialized="table") }}

with plans as (select * from {{ ref("plans") }}),
catalogue as (select * from {{ ref("indicator_catalogue") }}),

areas as (
    select
        plan_id,
        area_code,
        is_context,
        is_plan_area
    from {{ ref("int_plans__areas") }}
),

years as (
    select
        indicator_values.*,
        catalogue.formula_kind,
        catalogue.sample_design,
        lag(indicator_values.period_start) over earlier as previous_period_start,
        lag(indicator_values.period_label) over earlier as previous_period_label,
        lag(indicator_values.value) over earlier as previous_value,
        lag(indicator_values.lower_95) over earlier as previous_lower_95,
        lag(indicator_values.upper_95) over earlier as previous_upper_95,
        lag(indicator_values.is_synthetic) over earlier as previous_is_synthetic,
        lag(indicator_values.is_suppressed) over earlier as previous_is_suppressed
    from {{ ref("indicator_values") }} as indicator_values
    inner join catalogue
        on indicator_values.indicator_code = catalogue.indicator_code
    where
        indicator_values.period_type in ('financial_year', 'calendar_year')
        and indicator_values.is_complete
        and (catalogue.formula_kind = 'count' or catalogue.sample_design is not null)
        and (indicator_values.value is not null or indicator_values.is_suppressed)
    window
        earlier as (
            partition by indicator_values.indicator_code, indicator_values.area_code, indicator_values.period_type
            order by indicator_values.period_start
        )
),

-- A survey is compared with the wave before it, a count with the year before it or with nothing.
beside as (
    select
        *,
        sample_design is not null or previous_period_start = {{ add_months("period_start", -12) }} as has_previous
    from years
),

-- The plan was written on the year before it, so that year is the first to be assessed.
paired as (
    select
        areas.plan_id,
        areas.is_context,
        areas.is_plan_area,
        beside.*
    from plans
    inner join areas
        on plans.plan_id = areas.plan_id
    inner join beside
        on
            areas.area_code = beside.area_code
            and beside.period_start >= {{ add_months("plans.starts_on", -15) }}
            and plans.ends_on >= beside.period_end
),

-- A break in the year compared, or at its first day, parts it from the year before.
broken as (
    select
        paired.plan_id,
        paired.indicator_code,
        paired.area_code,
        paired.period_label,
        {{ listed("breaks.title") }} as titles
    from paired
    inner join {{ ref("int_indicators__broken") }} as breaks
        on
            paired.indicator_code = breaks.indicator_code
            and paired.previous_period_start < breaks.break_date
            and paired.period_end >= breaks.break_date
            and paired.has_previous
    group by paired.plan_id, paired.indicator_code, paired.area_code, paired.period_label
)

select
    paired.plan_id,
    paired.indicator_code,
    paired.area_code,
    paired.area_name,
    paired.area_level,
    paired.is_context,
    paired.is_plan_area,
    paired.formula_kind,
    paired.sample_design,
    paired.period_type,
    paired.period_start,
    paired.period_end,
    paired.period_label,
    paired.value,
    paired.lower_95,
    paired.upper_95,
    paired.unit,
    paired.definition_status,
    paired.is_suppressed,
    case when paired.has_previous then paired.previous_period_label end as previous_period_label,
    case when paired.has_previous then paired.previous_value end as previous_value,
    case when paired.has_previous then paired.previous_lower_95 end as previous_lower_95,
    case when paired.has_previous then paired.previous_upper_95 end as previous_upper_95,
    coalesce(paired.has_previous and paired.previous_is_suppressed, false) as previous_is_suppressed,
    paired.is_synthetic or coalesce(paired.has_previous and paired.previous_is_synthetic, false) as is_synthetic,
    broken.titles is null as comparable,
    broken.titles as break_titles,
    paired.note
from paired
left join broken
    on
        paired.plan_id = broken.plan_id
        and paired.indicator_code = broken.indicator_code
        and paired.area_code = broken.area_code
        and paired.period_label = broken.period_label
