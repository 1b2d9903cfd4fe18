{{ config(materialized="table") }}

{#
What is counted in a plan's priority neighbourhoods and in the plan's area: each year, and the twelve months to each month of the plan, with the
same months of the year before.
#}
with plans as (select * from {{ ref("plans") }}),
catalogue as (select * from {{ ref("indicator_catalogue") }} where formula_kind = 'count'),
neighbourhoods as (select * from {{ ref("plan_neighbourhoods") }}),

areas as (
    select
        plan_id,
        area_code,
        false as is_plan_area
    from neighbourhoods
    union
    select
        plans.plan_id,
        plans.area_code,
        true
    from plans
    inner join neighbourhoods
        on plans.plan_id = neighbourhoods.plan_id
),

figures as (
    select indicator_values.*
    from {{ ref("indicator_values") }} as indicator_values
    inner join catalogue
        on indicator_values.indicator_code = catalogue.indicator_code
    where
        indicator_values.period_type in ('financial_year', 'calendar_year', 'rolling_12_months')
        and indicator_values.area_code in (select areas.area_code from areas)
        and indicator_values.is_complete
        and (indicator_values.value is not null or indicator_values.is_suppressed)
),

-- The plan was written on the year before it, so that year is the first of the years.
paired as (
    select
        areas.plan_id,
        areas.is_plan_area,
        own.*,
        earlier.period_start as previous_period_start,
        earlier.period_label as previous_period_label,
        earlier.value as previous_value,
        coalesce(earlier.is_suppressed, false) as previous_is_suppressed,
        coalesce(earlier.is_synthetic, false) as previous_is_synthetic
    from plans
    inner join areas
        on plans.plan_id = areas.plan_id
    inner join figures as own
        on
            areas.area_code = own.area_code
            and plans.ends_on >= own.period_end
            and case
                when own.period_type = 'rolling_12_months' then plans.starts_on <= own.period_end
                else own.period_start >= {{ add_months("plans.starts_on", -15) }}
            end
    left join figures as earlier
        on
            own.indicator_code = earlier.indicator_code
            and own.area_code = earlier.area_code
            and own.period_type = earlier.period_type
            and earlier.period_start = {{ add_months("own.period_start", -12) }}
),

-- A break in the months compared, or at their first day, parts them from those before.
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
    group by paired.plan_id, paired.indicator_code, paired.area_code, paired.period_label
)

select
    paired.plan_id,
    paired.indicator_code,
    paired.area_code,
    paired.area_level,
    paired.is_plan_area,
    paired.period_type,
    paired.period_start,
    paired.period_end,
    paired.period_label,
    paired.value,
    paired.unit,
    paired.status,
    paired.definition_status,
    paired.is_suppressed,
    paired.previous_period_label,
    paired.previous_value,
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
