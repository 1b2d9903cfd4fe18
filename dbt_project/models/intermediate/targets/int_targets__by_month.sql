with plan_targets as (select * from {{ ref("plan_targets") }}),
indicators as (select * from {{ ref("indicator_catalogue") }}),
feed_count_periods as (select * from {{ ref("feed_count_periods") }}),
measures as (select * from {{ ref("measures") }}),
disclosure_rules as (select * from {{ ref("disclosure_rules") }}),
frequencies as (select * from {{ ref("frequency_period_types") }}),
covered as (select * from {{ ref("int_areas__covered") }} where has_closer_home is not true),

-- Months in which nothing was counted are among them.
measure_values as (
    {{ measure_values_with_zeros(ref("plan_targets")) | indent }}
),

months_delivered as (select * from {{ ref("int_months__delivered") }}),
doubtful as (select * from {{ ref("int_periods__doubtful") }} where period_type = 'financial_year'),
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
    -- A year that may lack too many rows with unknown codes has no figure, and none of its months has.
    left join doubtful
        on
            measure_values.source_feed = doubtful.feed
            and covered.home_area_code = doubtful.home_area_code
            and measure_values.measure_code = doubtful.measure_code
            and {{ financial_year_label(financial_year_start("measure_values.month")) }} = doubtful.period_label
    -- Nor has a month of which the delivery does not tell the measure: what it counts is a part.
    left join {{ ref("int_measures__undecided") }} as undecided
        on
            months_delivered.feed = undecided.feed
            and months_delivered.file_sha256 = undecided.file_sha256
            and measure_values.measure_code = undecided.measure_code
    where doubtful.measure_code is null and undecided.measure_code is null
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
    inner join feed_count_periods
        on
            indicators.source_feed = feed_count_periods.source_feed
            and feed_count_periods.counted_by = 'month'
    left join {{ ref("int_areas__in_use") }} as areas
        on plan_targets.area_code = areas.area_code
    -- Months that are not shown are not followed: what there is of its years is compared.
    inner join measures
        on indicators.numerator_measure = measures.measure_code
    inner join disclosure_rules
        on
            measures.disclosure_rule = disclosure_rules.disclosure_rule
            and disclosure_rules.shows_months
            and not (
                {{ for_the_public() }}
                and coalesce({{ list_holds("disclosure_rules.withheld_area_levels", "areas.area_level") }}, false)
            )
    -- Where any twelve months may be added up, so may the months so far; what exists for whole years alone is compared by them.
    inner join frequencies
        on
            indicators.frequency = frequencies.frequency
            and frequencies.period_type = 'rolling_12_months'
    cross join run_inputs
    where indicators.formula_kind in ('count', 'rate')
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
)

select
    framed.target_id,
    framed.area_code,
    framed.denominator,
    framed.target_start,
    framed.baseline_start,
    framed.as_at,
    framed.last_month,
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
