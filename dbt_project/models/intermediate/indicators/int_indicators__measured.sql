{{ config(materialized="table") }}

with counted as (select * from {{ ref("int_indicators__counted") }}),
denominators as (select * from {{ ref("int_measures__by_period") }}),
averages as (select * from {{ ref("int_averages__rolled") }}),
populations as (select * from {{ ref("int_populations__nearest") }}),
standardised as (select * from {{ ref("int_rates__standardised") }}),
-- What feeds themselves have to say of a figure.
measure_notes as (select * from {{ ref("int_street_cleanliness__noted") }})

select
    counted.indicator_code,
    counted.formula_kind,
    counted.multiplier,
    counted.denominator,
    counted.area_code,
    counted.area_name,
    counted.area_level,
    counted.period_type,
    counted.period_start,
    counted.period_end,
    counted.period_label,
    counted.is_complete,
    counted.completeness_note,
    counted.is_past_revision_window,
    counted.numerator_row_count,
    case
        when not counted.is_complete then null
        when counted.formula_kind = 'rolling_average_change' then averages.average
        else counted.numerator_value
    end as numerator,
    case
        when counted.formula_kind = 'standardised_rate' then standardised.population_note
        else populations.vintage_note
    end as vintage_note,
    standardised.rate as standardised_rate,
    standardised.lower as standardised_lower,
    standardised.upper as standardised_upper,
    standardised.interval_method as standardised_method,
    standardised.rate_of_one as standardised_rate_of_one,
    nullif(concat_ws('; ', measure_notes.note, counted.place_note), '') as measure_note,
    case counted.formula_kind
        when 'count' then null
        when 'rate' then populations.population
        when 'standardised_rate' then populations.population
        when 'rolling_average_change' then case when counted.is_complete then averages.previous_average end
        else case when counted.is_complete then coalesce(denominators.value, case when counted.is_denominator_told then 0 end) end
    end as denominator_value,
    case
        when counted.is_complete then coalesce(denominators.row_count, case when counted.is_denominator_told then 0 end)
    end as base_count,
    case
        when counted.is_complete and counted.formula_kind in ('weighted_percentage', 'mean_score')
            then denominators.value * denominators.value / nullif(denominators.sum_of_squares, 0)
    end as effective_base,
    counted.numerator_is_synthetic
    or coalesce(denominators.is_synthetic, counted.denominator_is_synthetic)
    or coalesce(populations.is_synthetic, false)
    or coalesce(standardised.is_synthetic, false)
    or coalesce(averages.is_synthetic, false) as is_synthetic,
    counted.numerator_is_revised
    or coalesce(denominators.is_revised, counted.denominator_is_revised)
    or coalesce(averages.is_revised, false) as is_revised
from counted
left join denominators
    on
        counted.denominator_measure = denominators.measure_code
        and counted.area_code = denominators.area_code
        and counted.source_feed = denominators.feed
        and counted.period_type = denominators.period_type
        and counted.period_label = denominators.period_label
left join averages
    on
        counted.formula_kind = 'rolling_average_change'
        and counted.numerator_measure = averages.measure_code
        and counted.area_code = averages.area_code
        and counted.source_feed = averages.feed
        and counted.period_label = averages.period_label
left join populations
    on
        counted.denominator = populations.kind
        and counted.area_code = populations.area_code
        and counted.reference_year = populations.reference_year
left join standardised
    on
        counted.formula_kind = 'standardised_rate'
        and counted.numerator_measure = standardised.measure_code
        and counted.area_code = standardised.area_code
        and counted.source_feed = standardised.feed
        and counted.period_type = standardised.period_type
        and counted.period_label = standardised.period_label
left join measure_notes
    on
        counted.numerator_measure = measure_notes.measure_code
        and counted.area_code = measure_notes.area_code
        and counted.source_feed = measure_notes.feed
        and counted.period_type = measure_notes.period_type
        and counted.period_label = measure_notes.period_label
