with indicators as (

    select * from {{ ref("indicators") }}

),

areas as (

    select * from {{ ref("int_areas__in_use") }}

),

covered as (

    select * from {{ ref("int_areas__covered") }}
    where has_closer_home is not true

),

periods as (

    select * from {{ ref("int_periods__judged") }}

),

published_period_types as (

    select
        area_levels.area_level,
        area_levels.period_type,
        frequencies.frequency
    from {{ ref("indicator_area_levels") }} as area_levels
    inner join {{ ref("frequency_period_types") }} as frequencies
        on area_levels.period_type = frequencies.period_type

),

unplaced as (

    select * from {{ ref("int_periods__unplaced") }}

),

measures_by_period as (

    select * from {{ ref("int_measures__by_period") }}

),

averages as (

    select * from {{ ref("int_averages__rolled") }}

),

populations as (

    select * from {{ ref("int_populations__nearest") }}

),

poisson_limits as (

    select * from {{ ref("poisson_limits") }}

),

series_breaks as (

    select * from {{ ref("series_breaks") }}

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
    where ';' || indicators.allowed_area_levels || ';' like '%;' || areas.area_level || ';%'

),

-- A table of whole quarters or years counts what it names: a cell that no table has is no figure at all, and a year of four
-- quarters needs the cell in each.
counted as (

    select
        expected.*,
        expected.is_delivered
        and unplaced.area_code is null
        and (coalesce(expected.step_months, 1) = 1 or numerators.parts_counted = expected.parts_needed) as is_complete,
        coalesce(
            nullif(concat_ws('; ', expected.missing_note, unplaced.unplaced_note), ''),
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
    where coalesce(expected.step_months, 1) = 1 or numerators.parts_counted is not null

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
        populations.vintage_note,
        case counted.formula_kind
            when 'rate' then populations.population
            when 'percentage' then case when counted.is_complete then denominators.value end
            when 'rolling_average_change' then case when counted.is_complete then averages.previous_average end
        end as denominator_value,
        counted.numerator_is_synthetic
        or coalesce(denominators.is_synthetic, false)
        or coalesce(populations.is_synthetic, false)
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
    left join straddled
        on
            counted.numerator_measure = straddled.numerator_measure
            and counted.denominator_measure is not distinct from straddled.denominator_measure
            and counted.first_day_compared = straddled.first_day_compared
            and counted.period_end = straddled.period_end

),

-- Counts, rates and percentages are the numerator times a scale; limits likewise.
scaled as (

    select
        measured.*,
        case
            when measured.formula_kind = 'count' then measured.multiplier
            else measured.multiplier / nullif(measured.denominator_value, 0)
        end as scale,
        case
            when measured.numerator is null then null
            when measured.formula_kind in ('count', 'rate') and measured.numerator >= 10 then 'byar'
            when measured.formula_kind in ('count', 'rate') and measured.numerator >= 0 then 'poisson_exact'
            -- Parts of a count, such as a share of crime; a net reclassification can leave no proportion.
            when measured.formula_kind = 'percentage' and measured.numerator between 0 and measured.denominator_value then 'wilson'
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
        end as lower_limit,
        case interval_method
            when 'byar' then {{ byar_upper("numerator") }} * scale
            when 'poisson_exact' then poisson_limits.upper_95 * scale
            when 'wilson' then multiplier * {{ wilson_limit("numerator", "denominator_value", "+") }}
        end as upper_limit
    from scaled
    left join poisson_limits
        on scaled.numerator = poisson_limits.observed_count

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
    case
        when formula_kind = 'rolling_average_change' then round((numerator - denominator_value) * scale, 10)
        else round(numerator * scale, 10)
    end as value,
    unit,
    round(lower_limit, 6) as lower_95,
    round(upper_limit, 6) as upper_95,
    case when lower_limit is not null then interval_method end as interval_method,
    is_complete,
    case
        when is_revised then 'revised'
        when is_complete and is_past_revision_window then 'final'
        else 'provisional'
    end as status,
    definition_status,
    is_synthetic,
    false as is_suppressed,
    straddled_breaks is null as comparable,
    nullif(
        concat_ws(
            '; ',
            case when not is_complete then completeness_note end,
            case when formula_kind = 'rate' then coalesce(vintage_note, 'no ' || denominator || ' for this area') end,
            case
                when formula_kind = 'rolling_average_change' and is_complete and numerator is null
                    then 'needs four complete calendar years'
                when formula_kind in ('rolling_average_change', 'percentage') and is_complete and denominator_value = 0
                    then 'nothing to compare with: the denominator is 0'
            end,
            'not comparable: ' || straddled_breaks
        ),
        ''
    ) as note
from limited
order by indicator_code, area_code, period_type, period_start, period_end
