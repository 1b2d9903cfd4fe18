{{ config(materialized="table") }}

with plans as (select * from {{ ref("plans") }}),
plan_areas as (select * from {{ ref("int_plans__areas") }}),

-- Whole years only: a part of a year compares with nothing else in a list.
years as (
    select * from {{ ref("indicator_values") }}
    where
        period_type in ('financial_year', 'calendar_year')
        and is_complete
        and (value is not null or is_suppressed)
),

ranked as (
    select
        plan_areas.plan_id,
        plan_areas.is_context,
        plan_areas.is_plan_area,
        plan_areas.closeness,
        years.*,
        row_number() over (
            partition by plan_areas.plan_id, years.indicator_code, years.area_code
            order by years.period_end desc, years.period_type asc
        ) as recency
    from plans
    inner join plan_areas
        on plans.plan_id = plan_areas.plan_id
    inner join years
        on
            plan_areas.area_code = years.area_code
            and plans.ends_on >= years.period_end
)

select
    plan_id,
    indicator_code,
    area_code,
    area_name,
    area_level,
    is_context,
    is_plan_area,
    row_number() over (
        partition by plan_id, indicator_code
        order by is_suppressed, closeness
    ) as preference,
    period_type,
    period_start,
    period_end,
    period_label,
    numerator,
    denominator,
    value,
    lower_95,
    upper_95,
    unit,
    status,
    definition_status,
    is_synthetic,
    is_suppressed,
    comparable,
    note
from ranked
where recency = 1
