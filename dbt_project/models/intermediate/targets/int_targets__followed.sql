{{ config(materialized="table") }}

with plan_targets as (select * from {{ ref("plan_targets") }}),
indicators as (select * from {{ ref("indicator_catalogue") }}),
covered as (select * from {{ ref("int_areas__covered") }} where has_closer_home is not true),
measure_values as (select * from {{ ref("measure_values") }}),
months_delivered as (select * from {{ ref("int_months__delivered") }}),
populations as (select * from {{ ref("int_populations__nearest") }}),
run_inputs as (select * from {{ ref("stg_run__inputs") }}),

-- A month is known when a supplier that covers the area delivered it.
known_months as (
    select
        measure_values.measure_code,
        measure_values.area_code,
        measure_values.month,
        measure_values.value,
        measure_values.is_synthetic
    from measure_values
    inner join covered
        on
            measure_values.source_feed = covered.feed
            and measure_values.area_code = covered.area_code
    inner join months_delivered
        on
            measure_values.source_feed = months_delivered.feed
            and covered.home_area_code = months_delivered.home_area_code
            and measure_values.month = months_delivered.month
),

framed as (
    select
        plan_targets.target_id,
        plan_targets.area_code,
        case when plan_targets.profile = 'three_year_mean' then 3 else 1 end as profile_years,
        indicators.numerator_measure,
        indicators.denominator,
        {{ financial_year_of_label("plan_targets.target_period") }} as target_start,
        {{ financial_year_of_label("plan_targets.baseline_period") }} as baseline_start,
        run_inputs.as_at,
        run_inputs.last_month
    from plan_targets
    inner join indicators
        on plan_targets.indicator_code = indicators.indicator_code
    inner join {{ ref("feed_count_periods") }} as feed_count_periods
        on
            indicators.source_feed = feed_count_periods.source_feed
            and feed_count_periods.counted_by = 'month'
    -- Where any twelve months may be added up, so may the months so far; what exists for whole years alone is compared by them.
    inner join {{ ref("frequency_period_types") }} as frequencies
        on
            indicators.frequency = frequencies.frequency
            and frequencies.period_type = 'rolling_12_months'
    cross join run_inputs
    where indicators.formula_kind in ('count', 'rate')
),

counted as (
    select
        framed.*,
        greatest(0, least(
            12,
            12 * (year(last_month) - year(target_start)) + month(last_month) - month(target_start) + 1
        )) as months_ended
    from framed
),

elapsed as (
    select
        counted.*,
        cast({{ each_number("least(counted.months_ended, 1)", "counted.months_ended") }} as integer) as months_elapsed
    from counted
),

year_steps as (
    select cast({{ each_number(0, 11) }} as integer) as step
),

profile_years as (
    select cast({{ each_number(0, 2) }} as integer) as years_back
),

-- The month of the year in each of the years that the target is spread by, the baseline year the last of them.
profiled as (
    select
        framed.target_id,
        year_steps.step,
        case when count(known_months.value) = max(framed.profile_years) then sum(known_months.value) end as profile,
        bool_or(coalesce(known_months.is_synthetic, false)) as profile_is_synthetic
    from framed
    cross join year_steps
    inner join profile_years
        on framed.profile_years > profile_years.years_back
    left join known_months
        on
            framed.numerator_measure = known_months.measure_code
            and framed.area_code = known_months.area_code
            and {{ add_months("framed.baseline_start", "year_steps.step - 12 * profile_years.years_back") }} = known_months.month
    group by framed.target_id, year_steps.step
),

paired as (
    select
        framed.target_id,
        year_steps.step,
        {{ month_label(add_months("framed.target_start", "year_steps.step")) }} as target_label,
        {{ month_label(add_months("framed.baseline_start", "year_steps.step")) }} as baseline_label,
        right({{ month_label(add_months("framed.baseline_start", "year_steps.step")) }}, 2) as month_of_year,
        actual.value as actual,
        baseline.value as baseline,
        previous.value as previous,
        profiled.profile,
        coalesce(actual.is_synthetic, false) as actual_is_synthetic,
        profiled.profile_is_synthetic
    from framed
    cross join year_steps
    inner join profiled
        on
            framed.target_id = profiled.target_id
            and year_steps.step = profiled.step
    {% for name, start, offset in [
        ("actual", "target_start", 0), ("baseline", "baseline_start", 0), ("previous", "target_start", -12)
    ] %}
        left join known_months as {{ name }}
            on
                framed.numerator_measure = {{ name }}.measure_code
                and framed.area_code = {{ name }}.area_code
                and {{ add_months("framed." ~ start, "year_steps.step + (" ~ offset ~ ")") }} = {{ name }}.month
    {% endfor %}
),

followed as (
    select
        elapsed.target_id,
        elapsed.months_elapsed,
        -- Sums are null, never small, when a month is missing.
        case
            when elapsed.months_elapsed = count(case when paired.step < elapsed.months_elapsed then paired.actual end)
                then sum(case when paired.step < elapsed.months_elapsed then paired.actual end)
        end as actual_count,
        case
            when elapsed.months_elapsed = count(case when paired.step < elapsed.months_elapsed then paired.baseline end)
                then sum(case when paired.step < elapsed.months_elapsed then paired.baseline end)
        end as baseline_to_date_count,
        case
            when elapsed.months_elapsed = count(case when paired.step < elapsed.months_elapsed then paired.previous end)
                then sum(case when paired.step < elapsed.months_elapsed then paired.previous end)
        end as previous_to_date_count,
        case when count(paired.baseline) = 12 then sum(paired.baseline) end as baseline_count,
        case
            when count(paired.profile) = 12
                then sum(case when paired.step < elapsed.months_elapsed then paired.profile else 0 end)
        end as profile_to_date_count,
        case when count(paired.profile) = 12 then sum(paired.profile) end as profile_count,
        {{ listed(
            "case when paired.profile is null and paired.baseline is not null then paired.month_of_year end"
        ) }} as missing_profile_months,
        {{ listed(
            "case when paired.baseline is null then paired.baseline_label end"
        ) }} as missing_baseline_months,
        {{ listed(
            "case when paired.step < elapsed.months_elapsed and paired.actual is null then paired.target_label end"
        ) }} as missing_target_months,
        bool_or(
            paired.profile_is_synthetic or (paired.step < elapsed.months_elapsed and paired.actual_is_synthetic)
        ) as is_synthetic,
        min(
            case
                when elapsed.months_elapsed = 0 then elapsed.as_at
                else last_day({{ add_months("elapsed.target_start", "elapsed.months_elapsed - 1") }})
            end
        ) as as_at,
        min(elapsed.area_code) as area_code,
        min(elapsed.denominator) as denominator,
        min(year(elapsed.target_start)) as target_year,
        min(year(elapsed.baseline_start)) as baseline_year
    from elapsed
    inner join paired
        on elapsed.target_id = paired.target_id
    group by elapsed.target_id, elapsed.months_elapsed
),

-- What each count is measured against: equal months for a count, the people or households there were for a rate.
exposed as (
    select
        followed.*,
        case when followed.denominator is null then 1 else target_population.population end as target_exposure,
        case when followed.denominator is null then 1 else baseline_population.population end as baseline_exposure,
        case when followed.denominator is null then 1 else previous_population.population end as previous_exposure,
        nullif(
            concat_ws(
                '; ',
                target_population.vintage_note,
                'baseline by ' || nullif(baseline_population.vintage_note, target_population.vintage_note)
            ),
            ''
        ) as vintage_note,
        coalesce(target_population.is_synthetic, false)
        or coalesce(baseline_population.is_synthetic, false) as exposure_is_synthetic
    from followed
    {% for name, reference_year in [
        ("target", "target_year"), ("baseline", "baseline_year"), ("previous", "target_year - 1")
    ] %}
        left join populations as {{ name }}_population
            on
                followed.area_code = {{ name }}_population.area_code
                and followed.{{ reference_year }} = {{ name }}_population.reference_year
                and followed.denominator = {{ name }}_population.kind
    {% endfor %}
)

select
    target_id,
    months_elapsed,
    as_at,
    actual_count,
    baseline_to_date_count,
    previous_to_date_count,
    baseline_count,
    profile_to_date_count,
    profile_count,
    target_exposure,
    baseline_exposure,
    target_exposure / (target_exposure + baseline_exposure) as baseline_comparison_share,
    target_exposure / (target_exposure + previous_exposure) as previous_comparison_share,
    missing_baseline_months,
    missing_profile_months,
    missing_target_months,
    vintage_note,
    is_synthetic or exposure_is_synthetic as is_synthetic
from exposed
