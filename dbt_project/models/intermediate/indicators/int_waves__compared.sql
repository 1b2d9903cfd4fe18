{{ config(materialized="table") }}

with plan_targets as (select * from {{ ref("plan_targets") }}),
run_inputs as (select * from {{ ref("stg_run__inputs") }}),
-- Figures as published: what is hidden there is missing here.
waves as (select * from {{ ref("indicator_values") }} where period_type in ('financial_year', 'calendar_year')),

-- What is not followed by months has one figure a year: a survey wave, a percentage, a yearly return, a count of people.
yearly as (
    select
        plan_targets.target_id,
        plan_targets.indicator_code,
        plan_targets.area_code,
        plan_targets.baseline_period,
        plan_targets.target_period,
        {{ year_of_label("plan_targets.target_period") }} as target_start,
        run_inputs.as_at,
        run_inputs.last_month
    from plan_targets
    cross join run_inputs
    where plan_targets.target_id not in (select followed.target_id from {{ ref("int_targets__followed") }} as followed)
),

followed as (
    select
        yearly.*,
        target_wave.value as actual_value,
        target_wave.note as target_wave_note,
        baseline_wave.note as baseline_wave_note,
        target_wave.lower_95 as actual_lower,
        target_wave.upper_95 as actual_upper,
        baseline_wave.value as baseline_value,
        baseline_wave.lower_95 as baseline_lower,
        baseline_wave.upper_95 as baseline_upper,
        coalesce(target_wave.is_synthetic, false) or coalesce(baseline_wave.is_synthetic, false) as is_synthetic,
        {{ add_months("yearly.target_start", 11) }} <= yearly.last_month as has_ended
    from yearly
    left join waves as target_wave
        on
            yearly.indicator_code = target_wave.indicator_code
            and yearly.area_code = target_wave.area_code
            and yearly.target_period = target_wave.period_label
    left join waves as baseline_wave
        on
            yearly.indicator_code = baseline_wave.indicator_code
            and yearly.area_code = baseline_wave.area_code
            and yearly.baseline_period = baseline_wave.period_label
),

-- Surveys skip years, so the wave before is the latest earlier one.
earlier as (
    select
        followed.target_id,
        waves.period_start as previous_start,
        waves.value as previous_value,
        waves.lower_95 as previous_lower,
        waves.upper_95 as previous_upper,
        row_number() over (partition by followed.target_id order by waves.period_start desc) as waves_back
    from followed
    inner join waves
        on
            followed.indicator_code = waves.indicator_code
            and followed.area_code = waves.area_code
            and followed.target_start > waves.period_start
            and waves.value is not null
),

compared as (
    select
        followed.target_id,
        case when followed.has_ended then 12 else 0 end as months_elapsed,
        case
            when followed.has_ended then last_day({{ add_months("followed.target_start", 11) }})
            else followed.as_at
        end as as_at,
        case when followed.has_ended then followed.actual_value end as actual_value,
        case when followed.has_ended then followed.actual_lower end as actual_lower,
        case when followed.has_ended then followed.actual_upper end as actual_upper,
        followed.baseline_value,
        followed.baseline_lower,
        followed.baseline_upper,
        earlier.previous_start,
        earlier.previous_value,
        earlier.previous_lower,
        earlier.previous_upper,
        case
            when followed.baseline_value is null
                then followed.baseline_period || coalesce(' (' || followed.baseline_wave_note || ')', '')
        end as missing_baseline,
        case
            when followed.has_ended and followed.actual_value is null
                then followed.target_period || coalesce(' (' || followed.target_wave_note || ')', '')
        end as missing_target,
        followed.is_synthetic
    from followed
    left join earlier
        on
            followed.target_id = earlier.target_id
            and earlier.waves_back = 1
)

select
    compared.*,
    {{ newcombe_lower("actual_value", "actual_lower", "baseline_value", "baseline_upper") }} as change_lower,
    {{ newcombe_upper("actual_value", "actual_upper", "baseline_value", "baseline_lower") }} as change_upper,
    actual_value - previous_value as change_on_previous,
    {{ newcombe_lower("actual_value", "actual_lower", "previous_value", "previous_upper") }} as previous_lower_change,
    {{ newcombe_upper("actual_value", "actual_upper", "previous_value", "previous_lower") }} as previous_upper_change
from compared
