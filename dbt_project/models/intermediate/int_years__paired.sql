{{ config(materialized="table") }}

with plans as (

    select * from {{ ref("plans") }}

),

plan_areas as (

    select
        plan_id,
        area_code,
        is_context,
        is_plan_area
    from {{ ref("int_plans__areas") }}

),

neighbourhoods as (

    select
        plan_id,
        area_code
    from {{ ref("plan_neighbourhoods") }}

),

areas as (

    select
        plan_id,
        area_code,
        is_context,
        is_plan_area,
        false as is_neighbourhood
    from plan_areas
    union all
    select
        plan_id,
        area_code,
        false,
        false,
        true
    from neighbourhoods

),

catalogue as (

    select * from {{ ref("indicator_catalogue") }}

),

years as (

    select
        indicator_values.*,
        catalogue.formula_kind,
        catalogue.sample_design
    from {{ ref("indicator_values") }} as indicator_values
    inner join catalogue
        on indicator_values.indicator_code = catalogue.indicator_code
    where
        indicator_values.period_type in ('financial_year', 'calendar_year')
        and indicator_values.is_complete
        and (catalogue.formula_kind = 'count' or catalogue.sample_design is not null)
        and (indicator_values.value is not null or indicator_values.is_suppressed)

),

-- The plan was written on the year before it, so that year is the first to be assessed.
paired as (

    select
        areas.plan_id,
        areas.is_context,
        areas.is_plan_area,
        areas.is_neighbourhood,
        years.*,
        previous.period_label as previous_period_label,
        previous.value as previous_value,
        previous.lower_95 as previous_lower_95,
        previous.upper_95 as previous_upper_95,
        coalesce(previous.is_synthetic, false) as previous_is_synthetic,
        coalesce(previous.is_suppressed, false) as previous_is_suppressed
    from plans
    inner join areas
        on plans.plan_id = areas.plan_id
    inner join years
        on
            areas.area_code = years.area_code
            and years.period_start >= {{ add_months("plans.starts_on", -15) }}
            and plans.ends_on >= years.period_end
    left join years as previous
        on
            years.indicator_code = previous.indicator_code
            and years.area_code = previous.area_code
            and years.period_type = previous.period_type
            and {{ add_months("years.period_start", -12) }} = previous.period_start

),

-- A break in the year compared, or at its first day, parts it from the year before.
broken as (

    select
        paired.plan_id,
        paired.indicator_code,
        paired.area_code,
        paired.period_label,
        {{ listed("series_breaks.title") }} as titles
    from paired
    inner join catalogue
        on paired.indicator_code = catalogue.indicator_code
    inner join {{ ref("series_breaks") }} as series_breaks
        on
            catalogue.numerator_measure = series_breaks.measure_code
            and {{ add_months("paired.period_start", -12) }} < series_breaks.break_date
            and paired.period_end >= series_breaks.break_date
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
    paired.is_neighbourhood,
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
    paired.previous_period_label,
    paired.previous_value,
    paired.previous_lower_95,
    paired.previous_upper_95,
    paired.previous_is_suppressed,
    paired.is_synthetic or paired.previous_is_synthetic as is_synthetic,
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
