{{ config(materialized="table") }}

{#
Change of the average of three calendar years on the average one year earlier (NI 47, NI 48): A(t) = (K(t) + K(t-1) + K(t-2)) / 3 and
100 x (A(t) - A(t-1)) / A(t-1). The first value needs four complete years.
#}
with by_period as (select * from {{ ref("int_measures__by_period") }} where period_type = 'calendar_year'),
told as (select * from {{ ref("int_periods__told") }} where period_type = 'calendar_year'),
area_levels as (select * from {{ ref("area_levels") }}),

indicators as (
    select distinct
        numerator_measure,
        source_feed,
        allowed_area_levels
    from {{ ref("indicator_catalogue") }}
    where formula_kind = 'rolling_average_change'
),

complete_years as (
    select
        covered.area_code,
        covered.area_level,
        covered.home_area_code,
        periods.feed,
        periods.period_label
    from {{ ref("int_periods__judged") }} as periods
    inner join {{ ref("int_areas__covered") }} as covered
        on
            periods.feed = covered.feed
            and periods.home_area_code = covered.home_area_code
            and covered.has_closer_home is not true
    where periods.period_type = 'calendar_year' and periods.is_complete
),

years as (
    select
        indicators.numerator_measure as measure_code,
        complete_years.area_code,
        complete_years.feed,
        complete_years.period_label,
        cast(complete_years.period_label as integer) as calendar_year,
        coalesce(by_period.value, 0) as value,
        coalesce(by_period.is_synthetic, told.is_synthetic) as is_synthetic,
        coalesce(by_period.is_revised, told.is_revised) as is_revised
    from complete_years
    inner join indicators
        on
            complete_years.feed = indicators.source_feed
            and {{ list_holds("indicators.allowed_area_levels", "complete_years.area_level") }}
    left join by_period
        on
            indicators.numerator_measure = by_period.measure_code
            and complete_years.area_code = by_period.area_code
            and complete_years.feed = by_period.feed
            and complete_years.period_label = by_period.period_label
    left join area_levels
        on complete_years.area_level = area_levels.area_level
    left join told
        on
            indicators.numerator_measure = told.measure_code
            and complete_years.feed = told.feed
            and complete_years.home_area_code = told.home_area_code
            and complete_years.period_label = told.period_label
    -- A year in which nothing was counted is one of the three, where no zeros are written out too.
    where
        by_period.measure_code is not null
        or (told.measure_code is not null and not area_levels.keeps_zeros)
),

rolled as (
    select
        *,
        sum(value) over three_years / 3 as average,
        sum(value) over three_years_before / 3 as previous_average,
        bool_or(is_synthetic) over four_years as any_synthetic,
        bool_or(is_revised) over four_years as any_revised,
        count(*) over four_years as years_known
    from years
    window
        three_years as (
            partition by measure_code, area_code, feed
            order by calendar_year range between 2 preceding and current row
        ),
        three_years_before as (
            partition by measure_code, area_code, feed
            order by calendar_year range between 3 preceding and 1 preceding
        ),
        four_years as (
            partition by measure_code, area_code, feed
            order by calendar_year range between 3 preceding and current row
        )
)

select
    measure_code,
    area_code,
    feed,
    period_label,
    average,
    previous_average,
    any_synthetic as is_synthetic,
    any_revised as is_revised
from rolled
where years_known = 4
