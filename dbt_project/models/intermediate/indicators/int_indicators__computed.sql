{{ config(materialized="table") }}

{% set computed_columns = [
    "indicator_code", "formula_kind", "numerator_measure", "denominator_measure", "denominator", "source_feed",
    "multiplier", "sample_design", "minimum_base", "plausible_low", "plausible_high", "unit", "valid_from", "valid_to",
    "definition_status",
    "area_code", "area_name", "area_level", "period_type", "period_start", "period_end", "period_label",
    "is_complete", "is_past_revision_window", "is_synthetic", "is_revised", "straddled_breaks", "completeness_note",
    "base_count", "value", "lower_limit", "upper_limit",
] | join(", ") %}

with indicators as (select * from {{ ref("indicators") }}),
areas as (select * from {{ ref("int_areas__in_use") }}),
covered as (select * from {{ ref("int_areas__covered") }} where has_closer_home is not true),
periods as (select * from {{ ref("int_periods__judged") }}),
unplaced as (select * from {{ ref("int_periods__unplaced") }}),
undecided as (select * from {{ ref("int_periods__undecided") }}),
measures_by_period as (select * from {{ ref("int_measures__by_period") }}),
averages as (select * from {{ ref("int_averages__rolled") }}),
populations as (select * from {{ ref("int_populations__nearest") }}),
standardised as (select * from {{ ref("int_rates__standardised") }}),
measure_notes as (select * from {{ ref("int_measures__noted") }}),
poisson_limits as (select * from {{ ref("poisson_limits") }}),
series_breaks as (select * from {{ ref("series_breaks") }}),
gaps as (select * from {{ ref("indicator_gaps") }}),
sums as (select * from {{ ref("indicator_sums") }}),

published_period_types as (
    select
        area_levels.area_level,
        area_levels.period_type,
        frequencies.frequency
    from {{ ref("indicator_area_levels") }} as area_levels
    inner join {{ ref("frequency_period_types") }} as frequencies
        on area_levels.period_type = frequencies.period_type
),

expected as (
    select
        indicators.*,
        areas.area_code,
        areas.area_name,
        areas.area_level,
        periods.home_area_code,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        periods.period_label,
        periods.reference_year,
        periods.is_complete as is_delivered,
        periods.completeness_note as missing_note,
        periods.step_months,
        periods.parts_needed,
        periods.is_past_revision_window,
        -- A rolling average compares with what was counted three years earlier.
        case
            when indicators.formula_kind = 'rolling_average_change'
                then {{ add_months("periods.period_start", -36) }}
            else periods.period_start
        end as first_day_compared
    from indicators
    inner join periods
        on indicators.source_feed = periods.feed
    inner join covered
        on
            periods.feed = covered.feed
            and periods.home_area_code = covered.home_area_code
    inner join areas
        on covered.area_code = areas.area_code
    inner join published_period_types
        on
            areas.area_level = published_period_types.area_level
            and periods.period_type = published_period_types.period_type
            and indicators.frequency = published_period_types.frequency
    where
        indicators.formula_kind not in ('gap', 'sum')
        and ';' || indicators.allowed_area_levels || ';' like '%;' || areas.area_level || ';%'
),

-- A table of whole quarters or years counts what it names: a cell that no table has is no figure at all, unless the table cannot
-- tell it yet, and a year of four quarters needs the cell in each.
counted as (
    select
        expected.*,
        expected.is_delivered
        and unplaced.area_code is null
        and undecided_numerators.measure_code is null
        and undecided_denominators.measure_code is null
        and (coalesce(expected.step_months, 1) = 1 or numerators.parts_counted = expected.parts_needed) as is_complete,
        coalesce(
            nullif(concat_ws(
                '; ',
                expected.missing_note,
                unplaced.unplaced_note,
                coalesce(undecided_numerators.undecided_note, undecided_denominators.undecided_note)
            ), ''),
            numerators.parts_counted || ' of ' || expected.parts_needed || ' tables have it; missing the rest'
        ) as completeness_note,
        numerators.value as numerator_value,
        coalesce(numerators.is_synthetic, false) as numerator_is_synthetic,
        coalesce(numerators.is_revised, false) as numerator_is_revised
    from expected
    left join measures_by_period as numerators
        on
            expected.numerator_measure = numerators.measure_code
            and expected.area_code = numerators.area_code
            and expected.source_feed = numerators.feed
            and expected.period_type = numerators.period_type
            and expected.period_label = numerators.period_label
    left join unplaced
        on
            expected.source_feed = unplaced.feed
            and expected.home_area_code = unplaced.home_area_code
            and expected.area_code = unplaced.area_code
            and expected.period_type = unplaced.period_type
            and expected.period_label = unplaced.period_label
    left join undecided as undecided_numerators
        on
            expected.numerator_measure = undecided_numerators.measure_code
            and expected.source_feed = undecided_numerators.feed
            and expected.home_area_code = undecided_numerators.home_area_code
            and expected.period_type = undecided_numerators.period_type
            and expected.period_label = undecided_numerators.period_label
    left join undecided as undecided_denominators
        on
            expected.denominator_measure = undecided_denominators.measure_code
            and expected.source_feed = undecided_denominators.feed
            and expected.home_area_code = undecided_denominators.home_area_code
            and expected.period_type = undecided_denominators.period_type
            and expected.period_label = undecided_denominators.period_label
    where
        coalesce(expected.step_months, 1) = 1
        or numerators.parts_counted is not null
        or undecided_numerators.measure_code is not null
),

spans as (
    select distinct
        numerator_measure,
        denominator_measure,
        first_day_compared,
        period_end
    from counted
),

straddled as (
    select
        spans.numerator_measure,
        spans.denominator_measure,
        spans.first_day_compared,
        spans.period_end,
        {{ listed("series_breaks.title") }} as titles
    from spans
    inner join series_breaks
        on
            series_breaks.measure_code in (spans.numerator_measure, spans.denominator_measure)
            and spans.first_day_compared < series_breaks.break_date
            and spans.period_end >= series_breaks.break_date
    group by spans.numerator_measure, spans.denominator_measure, spans.first_day_compared, spans.period_end
),

measured as (
    select
        counted.*,
        straddled.titles as straddled_breaks,
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
        measure_notes.note as measure_note,
        case counted.formula_kind
            when 'count' then null
            when 'rate' then populations.population
            when 'standardised_rate' then populations.population
            when 'rolling_average_change' then case when counted.is_complete then averages.previous_average end
            else case when counted.is_complete then denominators.value end
        end as denominator_value,
        case when counted.is_complete then denominators.row_count end as base_count,
        case
            when counted.is_complete and counted.formula_kind in ('weighted_percentage', 'mean_score')
                then denominators.value * denominators.value / nullif(denominators.sum_of_squares, 0)
        end as effective_base,
        counted.numerator_is_synthetic
        or coalesce(denominators.is_synthetic, false)
        or coalesce(populations.is_synthetic, false)
        or coalesce(standardised.is_synthetic, false)
        or coalesce(averages.is_synthetic, false) as is_synthetic,
        counted.numerator_is_revised
        or coalesce(denominators.is_revised, false)
        or coalesce(averages.is_revised, false) as is_revised
    from counted
    left join measures_by_period as denominators
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
    left join straddled
        on
            counted.numerator_measure = straddled.numerator_measure
            and counted.denominator_measure is not distinct from straddled.denominator_measure
            and counted.first_day_compared = straddled.first_day_compared
            and counted.period_end = straddled.period_end
),

-- Counts, rates, percentages and ratios are the numerator times a scale; limits likewise.
scaled as (
    select
        measured.*,
        case
            when measured.formula_kind = 'count' then measured.multiplier
            else measured.multiplier / nullif(measured.denominator_value, 0)
        end as scale,
        -- What of the effective number of respondents answered so.
        measured.numerator * measured.effective_base / nullif(measured.denominator_value, 0) as effective_part,
        case
            when measured.numerator is null then null
            when measured.formula_kind in ('count', 'rate') and measured.numerator >= 10 then 'byar'
            when measured.formula_kind in ('count', 'rate') and measured.numerator >= 0 then 'poisson_exact'
            -- Parts of a count, such as a share of crime; a net reclassification can leave no proportion.
            when measured.formula_kind = 'percentage' and measured.numerator between 0 and measured.denominator_value then 'wilson'
            when measured.formula_kind = 'weighted_percentage' then 'wilson_effective_base'
            when measured.formula_kind = 'standardised_rate' then measured.standardised_method
        end as interval_method
    from measured
),

limited as (
    select
        scaled.*,
        case interval_method
            when 'byar' then {{ byar_lower("numerator") }} * scale
            when 'poisson_exact' then poisson_limits.lower_95 * scale
            when 'wilson' then multiplier * {{ wilson_limit("numerator", "denominator_value", "-") }}
            when 'wilson_effective_base' then multiplier * {{ wilson_limit("effective_part", "effective_base", "-") }}
            when 'dobson' then multiplier * standardised_lower
        end as lower_limit,
        case interval_method
            when 'byar' then {{ byar_upper("numerator") }} * scale
            when 'poisson_exact' then poisson_limits.upper_95 * scale
            when 'wilson' then multiplier * {{ wilson_limit("numerator", "denominator_value", "+") }}
            when 'wilson_effective_base' then multiplier * {{ wilson_limit("effective_part", "effective_base", "+") }}
            when 'dobson' then multiplier * standardised_upper
        end as upper_limit
    from scaled
    left join poisson_limits
        on scaled.numerator = poisson_limits.observed_count
),

valued as (
    select
        *,
        case
            when formula_kind in ('rolling_average_change', 'percentage_difference')
                then (numerator - denominator_value) * scale
            when formula_kind = 'standardised_rate' then case when is_complete then standardised_rate * multiplier end
            else numerator * scale
        end as value
    from limited
),

-- Points between two indicators, with Newcombe's limits of the difference of two proportions.
differences as (
    select
        indicators.*,
        minuends.area_code,
        minuends.area_name,
        minuends.area_level,
        minuends.period_type,
        minuends.period_start,
        minuends.period_end,
        minuends.period_label,
        minuends.is_complete and subtrahends.is_complete as is_complete,
        minuends.is_past_revision_window,
        minuends.is_synthetic or subtrahends.is_synthetic as is_synthetic,
        minuends.is_revised or subtrahends.is_revised as is_revised,
        nullif(concat_ws('; ', minuends.straddled_breaks, subtrahends.straddled_breaks), '') as straddled_breaks,
        coalesce(minuends.completeness_note, subtrahends.completeness_note) as completeness_note,
        least(minuends.base_count, subtrahends.base_count) as base_count,
        minuends.value - subtrahends.value as value,
        minuends.value - subtrahends.value - sqrt(
            power(minuends.value - minuends.lower_limit, 2) + power(subtrahends.upper_limit - subtrahends.value, 2)
        ) as lower_limit,
        minuends.value - subtrahends.value + sqrt(
            power(minuends.upper_limit - minuends.value, 2) + power(subtrahends.value - subtrahends.lower_limit, 2)
        ) as upper_limit
    from gaps
    inner join indicators
        on gaps.indicator_code = indicators.indicator_code
    inner join valued as minuends
        on gaps.minuend_indicator = minuends.indicator_code
    inner join valued as subtrahends
        on
            gaps.subtrahend_indicator = subtrahends.indicator_code
            and minuends.area_code = subtrahends.area_code
            and minuends.period_type = subtrahends.period_type
            and minuends.period_label = subtrahends.period_label
),

-- Counts of several feeds for the same area and period: complete when each of them is there and complete, never smaller.
parts_needed as (
    select
        indicator_code,
        count(*) as parts_needed,
        {{ listed("part_indicator") }} as part_indicators
    from sums
    group by indicator_code
),

parts_added as (
    select
        sums.indicator_code,
        parts.area_code,
        parts.area_name,
        parts.area_level,
        parts.period_type,
        parts.period_start,
        parts.period_end,
        parts.period_label,
        count(*) = max(parts_needed.parts_needed) and bool_and(parts.is_complete) as is_complete,
        bool_and(parts.is_past_revision_window) as is_past_revision_window,
        bool_or(parts.is_synthetic) as is_synthetic,
        bool_or(parts.is_revised) as is_revised,
        {{ listed("parts.straddled_breaks") }} as straddled_breaks,
        'missing or incomplete: one of ' || max(parts_needed.part_indicators) as completeness_note,
        sum(parts.numerator) as numerator
    from sums
    inner join parts_needed
        on sums.indicator_code = parts_needed.indicator_code
    inner join valued as parts
        on sums.part_indicator = parts.indicator_code
    group by
        sums.indicator_code,
        parts.area_code,
        parts.area_name,
        parts.area_level,
        parts.period_type,
        parts.period_start,
        parts.period_end,
        parts.period_label
),

counts_added as (
    select
        indicators.*,
        parts_added.area_code,
        parts_added.area_name,
        parts_added.area_level,
        parts_added.period_type,
        parts_added.period_start,
        parts_added.period_end,
        parts_added.period_label,
        parts_added.is_complete,
        parts_added.is_past_revision_window,
        parts_added.is_synthetic,
        parts_added.is_revised,
        parts_added.straddled_breaks,
        parts_added.completeness_note,
        cast(null as bigint) as base_count,
        case when parts_added.is_complete then parts_added.numerator end as numerator,
        case when parts_added.is_complete then parts_added.numerator end as value
    from parts_added
    inner join indicators
        on parts_added.indicator_code = indicators.indicator_code
    where ';' || indicators.allowed_area_levels || ';' like '%;' || parts_added.area_level || ';%'
),

totals as (
    select
        counts_added.*,
        case
            when counts_added.numerator >= 10 then {{ byar_lower("counts_added.numerator") }}
            else poisson_limits.lower_95
        end as lower_limit,
        case
            when counts_added.numerator >= 10 then {{ byar_upper("counts_added.numerator") }}
            else poisson_limits.upper_95
        end as upper_limit,
        case when counts_added.numerator >= 10 then 'byar' else 'poisson_exact' end as interval_method
    from counts_added
    left join poisson_limits
        on counts_added.numerator = poisson_limits.observed_count
),

figures as (
    select
        {{ computed_columns }},
        numerator,
        denominator_value,
        effective_base,
        interval_method,
        vintage_note,
        measure_note
    from valued
    union all
    select
        {{ computed_columns }},
        null,
        null,
        null,
        'newcombe',
        null,
        null
    from differences
    union all
    select
        {{ computed_columns }},
        numerator,
        null,
        null,
        interval_method,
        null,
        null
    from totals
)

select
    indicator_code,
    area_code,
    area_name,
    area_level,
    period_type,
    period_start,
    period_end,
    period_label,
    numerator,
    cast(denominator_value as double) as denominator,
    round(value, 10) as value,
    unit,
    round(lower_limit, 6) as lower_95,
    round(upper_limit, 6) as upper_95,
    case when lower_limit is not null then interval_method end as interval_method,
    base_count,
    round(effective_base, 6) as effective_base,
    round(base_count / nullif(effective_base, 0), 6) as design_effect,
    is_complete,
    case
        when is_revised then 'revised'
        when is_complete and is_past_revision_window then 'final'
        else 'provisional'
    end as status,
    definition_status,
    is_synthetic,
    straddled_breaks is null as comparable,
    nullif(
        concat_ws(
            '; ',
            case when not is_complete then completeness_note end,
            case
                when formula_kind in ('rate', 'standardised_rate')
                    then coalesce(vintage_note, 'no ' || denominator || ' for this area')
            end,
            case
                when formula_kind = 'rolling_average_change' and is_complete and numerator is null
                    then 'needs four complete calendar years'
                when formula_kind not in ('count', 'rate', 'sum') and is_complete and denominator_value = 0
                    then 'nothing to compare with: the denominator is 0'
            end,
            case sample_design
                when 'volunteer_panel' then 'volunteers, not a probability sample: the interval is nominal'
                when 'representative_sample' then 'sites chosen, not drawn at random: the interval is indicative'
            end,
            case when sample_design is not null and base_count < 100 then 'fewer than 100 in the base' end,
            case
                when value < plausible_low or value > plausible_high
                    then 'outside the plausible range, ' || plausible_low || ' to ' || plausible_high
            end,
            measure_note,
            case when period_start < valid_from then 'the definition holds from ' || valid_from end,
            case when period_end > valid_to then 'the definition held until ' || valid_to end,
            'not comparable: ' || straddled_breaks
        ),
        ''
    ) as note,
    formula_kind,
    numerator_measure,
    denominator_measure,
    source_feed,
    minimum_base
from figures
