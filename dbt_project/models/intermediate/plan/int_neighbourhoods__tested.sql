{{ config(materialized="table") }}

with paired as (
    select * from {{ ref("int_neighbourhoods__paired") }}
    where
        comparable
        and value = floor(value)
        and previous_value = floor(previous_value)
),

-- The plan's area holds the neighbourhood, so what it is compared with is the rest of that area.
beside as (
    select
        neighbourhoods.plan_id,
        neighbourhoods.indicator_code,
        neighbourhoods.area_code,
        neighbourhoods.period_label,
        neighbourhoods.value as actual_count,
        neighbourhoods.value + neighbourhoods.previous_value as own_total,
        plan_areas.value as actual_total,
        plan_areas.value + plan_areas.previous_value as total,
        plan_areas.previous_value - neighbourhoods.previous_value as rest_previous_count
    from paired as neighbourhoods
    inner join paired as plan_areas
        on
            neighbourhoods.plan_id = plan_areas.plan_id
            and neighbourhoods.indicator_code = plan_areas.indicator_code
            and neighbourhoods.period_label = plan_areas.period_label
            and plan_areas.is_plan_area
    where
        not neighbourhoods.is_plan_area
        and neighbourhoods.value >= 0
        and neighbourhoods.previous_value >= 0
        and plan_areas.value >= neighbourhoods.value
        and plan_areas.previous_value >= neighbourhoods.previous_value
),

-- Given all four margins, the neighbourhood's later count is hypergeometric; every one that the margins allow is an outcome.
outcomes as (
    select
        beside.*,
        cast(
            {{ each_number(
                "cast(greatest(0, actual_count - rest_previous_count) as bigint)",
                "cast(least(own_total, actual_total) as bigint)"
            ) }} as double
        ) as outcome
    from beside
),

probabilities as (
    select
        outcomes.*,
        exp(
            {{ log_gamma("actual_total + 1") }} - {{ log_gamma("outcome + 1") }}
            - {{ log_gamma("actual_total - outcome + 1") }}
            + {{ log_gamma("total - actual_total + 1") }} - {{ log_gamma("own_total - outcome + 1") }}
            - {{ log_gamma("total - actual_total - own_total + outcome + 1") }}
            - {{ log_gamma("total + 1") }} + {{ log_gamma("own_total + 1") }} + {{ log_gamma("total - own_total + 1") }}
        ) as probability
    from outcomes
),

compared as (
    select
        probabilities.*,
        max(case when outcome = actual_count then probability end) over (
            partition by plan_id, indicator_code, area_code, period_label
        ) as observed_probability
    from probabilities
)

-- Two-sided, as in int_changes__tested.
select
    plan_id,
    indicator_code,
    area_code,
    period_label,
    least(
        round(sum(case when probability <= observed_probability * (1 + 1e-7) then probability else 0 end), 10), 1
    ) as p_value
from compared
group by plan_id, indicator_code, area_code, period_label
