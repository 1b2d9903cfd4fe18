with indicators as (

    select * from {{ ref("indicators") }}

),

areas as (

    select * from {{ ref("int_areas__in_use") }}

),

periods as (

    select * from {{ ref("int_periods__judged") }}

),

published_period_types as (

    select * from {{ ref("indicator_area_levels") }}

),

measures_by_period as (

    select * from {{ ref("int_measures__by_period") }}

),

populations as (

    select * from {{ ref("int_populations__nearest") }}

),

poisson_limits as (

    select * from {{ ref("poisson_limits") }}

),

expected as (

    select
        indicators.*,
        areas.area_code,
        areas.area_name,
        areas.area_level,
        periods.force_code,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        periods.period_label,
        periods.reference_year,
        periods.is_complete,
        periods.completeness_note,
        periods.is_past_revision_window
    from indicators
    inner join periods
        on indicators.source_feed = periods.feed
    inner join areas
        on periods.force_code = areas.home_force_code
    inner join published_period_types
        on
            areas.area_level = published_period_types.area_level
            and periods.period_type = published_period_types.period_type
    where ';' || indicators.allowed_area_levels || ';' like '%;' || areas.area_level || ';%'

),

measured as (

    select
        expected.*,
        case when expected.is_complete then measures_by_period.value end as numerator,
        populations.population,
        populations.vintage_note,
        case when expected.denominator = 'population' then nullif(populations.population, 0) else 1 end as exposure,
        coalesce(measures_by_period.is_synthetic, false) as is_synthetic,
        coalesce(measures_by_period.is_revised, false) as is_revised
    from expected
    left join measures_by_period
        on
            expected.numerator_measure = measures_by_period.measure_code
            and expected.area_code = measures_by_period.area_code
            and expected.source_feed = measures_by_period.feed
            and expected.period_type = measures_by_period.period_type
            and expected.period_label = measures_by_period.period_label
    left join populations
        on
            expected.denominator = 'population'
            and expected.area_code = populations.area_code
            and expected.reference_year = populations.reference_year

),

-- Value and limits are the count and its limits, times the multiplier, over the exposure (1 for a count).
computed as (

    select
        measured.*,
        measured.multiplier / measured.exposure as scale,
        case
            when measured.numerator is null or measured.exposure is null then null
            when poisson_limits.observed_count is not null then 'poisson_exact'
            when measured.numerator >= 10 then 'byar'
        end as interval_method,
        case
            when measured.numerator >= 10 then {{ byar_lower("measured.numerator") }}
            else poisson_limits.lower_95
        end as lower_limit,
        case
            when measured.numerator >= 10 then {{ byar_upper("measured.numerator") }}
            else poisson_limits.upper_95
        end as upper_limit
    from measured
    left join poisson_limits
        on measured.numerator = poisson_limits.observed_count

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
    cast(population as double) as denominator,
    round(numerator * scale, 10) as value,
    unit,
    round(lower_limit * scale, 6) as lower_95,
    round(upper_limit * scale, 6) as upper_95,
    interval_method,
    is_complete,
    case
        when is_revised then 'revised'
        when is_complete and is_past_revision_window then 'final'
        else 'provisional'
    end as status,
    definition_status,
    is_synthetic,
    false as is_suppressed,
    true as comparable,
    nullif(
        concat_ws(
            '; ',
            case when not is_complete then completeness_note end,
            case when denominator = 'population' then coalesce(vintage_note, 'no population for this area') end
        ),
        ''
    ) as note
from computed
order by indicator_code, area_code, period_type, period_start, period_end
