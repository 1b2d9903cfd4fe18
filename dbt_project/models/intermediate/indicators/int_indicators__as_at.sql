{{ config(materialized="table") }}

with indicators as (select * from {{ ref("indicators") }}),
run_inputs as (select * from {{ ref("stg_run__inputs") }}),
breaks as (select * from {{ ref("int_indicators__broken") }}),

-- Read anew wherever it is named, each time the columns that are needed there.
figures as not materialized (
    select
        indicator_values.*,
        indicators.formula_kind,
        indicators.sample_design,
        frequencies.as_at_preference,
        run_inputs.as_at,
        last_day(run_inputs.last_month) as last_day_ended
    from {{ ref("indicator_values") }} as indicator_values
    inner join indicators
        on indicator_values.indicator_code = indicators.indicator_code
    inner join {{ ref("frequency_period_types") }} as frequencies
        on
            indicators.frequency = frequencies.frequency
            and indicator_values.period_type = frequencies.period_type
            and frequencies.as_at_preference is not null
    cross join run_inputs
    where run_inputs.as_at >= indicator_values.period_end
),

-- A period that ends with the as-at month is taken as it is: that it lacks a month must be said. Else the last complete one.
latest as (
    select
        indicator_code,
        area_code,
        period_type,
        as_at_preference,
        bool_or(value is not null or is_suppressed) as has_figures,
        max({
            'is_due': is_complete or period_end = last_day_ended,
            'period_end': period_end,
            'period_start': period_start
        }) as period
    from figures
    group by indicator_code, area_code, period_type, as_at_preference
),

-- Of the first months of a series only the months have figures.
ranked as (
    select
        indicator_code,
        area_code,
        period_type,
        struct_extract(period, 'period_start') as period_start,
        struct_extract(period, 'period_end') as period_end,
        row_number() over (partition by indicator_code, area_code order by has_figures desc, as_at_preference asc) as place
    from latest
),

chosen as (
    select figures.*
    from ranked
    inner join figures
        on
            ranked.place = 1
            and ranked.indicator_code = figures.indicator_code
            and ranked.area_code = figures.area_code
            and ranked.period_type = figures.period_type
            and ranked.period_start = figures.period_start
            and ranked.period_end = figures.period_end
),

-- Surveys skip years, so one is compared with the wave before; all else with the year before or with nothing.
waves_before as (
    select
        chosen.indicator_code,
        chosen.area_code,
        max(figures.period_start) as period_start,
        max(figures.period_end) as period_end
    from chosen
    inner join figures
        on
            chosen.indicator_code = figures.indicator_code
            and chosen.area_code = figures.area_code
            and chosen.period_type = figures.period_type
            and chosen.period_start > figures.period_end
            and figures.is_complete
    where chosen.sample_design is not null
    group by chosen.indicator_code, chosen.area_code
),

placed as (
    select
        chosen.*,
        case
            when chosen.sample_design is null then {{ add_months("chosen.period_start", -12) }} else waves_before.period_start
        end as start_compared,
        case
            when chosen.sample_design is null then last_day({{ add_months(month_of("chosen.period_end"), -12) }})
            else waves_before.period_end
        end as end_compared
    from chosen
    left join waves_before
        on
            chosen.indicator_code = waves_before.indicator_code
            and chosen.area_code = waves_before.area_code
),

broken as (
    select
        placed.indicator_code,
        placed.area_code,
        {{ listed("breaks.title") }} as titles
    from placed
    inner join breaks
        on
            placed.indicator_code = breaks.indicator_code
            and placed.period_end >= breaks.break_date
            -- A rolling average compares with what was counted three years earlier.
            and {{ add_months(
                "placed.start_compared", "case when placed.formula_kind = 'rolling_average_change' then -36 else 0 end"
            ) }} < breaks.break_date
    group by placed.indicator_code, placed.area_code
),

paired as (
    select
        placed.*,
        previous.period_start as previous_period_start,
        previous.period_end as previous_period_end,
        previous.period_label as previous_period_label,
        previous.value as previous_value,
        previous.numerator as previous_numerator,
        previous.denominator as previous_denominator,
        previous.lower_95 as previous_lower_95,
        previous.upper_95 as previous_upper_95,
        previous.is_complete as previous_is_complete,
        previous.is_suppressed as previous_is_suppressed,
        previous.is_synthetic as previous_is_synthetic,
        previous.status as previous_status,
        previous.note as previous_note,
        case when previous.indicator_code is not null then broken.titles end as breaks_between,
        placed.comparable and broken.titles is null as is_comparable
    from placed
    left join figures as previous
        on
            placed.indicator_code = previous.indicator_code
            and placed.area_code = previous.area_code
            and placed.period_type = previous.period_type
            and placed.start_compared = previous.period_start
            and placed.end_compared = previous.period_end
    left join broken
        on
            placed.indicator_code = broken.indicator_code
            and placed.area_code = broken.area_code
)

select
    * exclude (as_at_preference, last_day_ended, start_compared, end_compared),
    formula_kind in ('count', 'sum', 'rate')
    and is_comparable
    and value is not null
    and previous_value is not null
    and least(numerator, previous_numerator) >= 0
    and numerator = floor(numerator)
    and previous_numerator = floor(previous_numerator) as is_of_counts,
    -- Equal months for a count, the people or households there were for a rate.
    case when denominator is null then 0.5 else denominator / (denominator + previous_denominator) end as expected_share
from paired
