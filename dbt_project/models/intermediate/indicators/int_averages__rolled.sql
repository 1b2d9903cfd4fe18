{{ config(materialized="table") }}

{#
Change of the average of three calendar years on the average one year earlier (NI 47, NI 48): A(t) = (K(t) + K(t-1) + K(t-2)) / 3 and
100 x (A(t) - A(t-1)) / A(t-1). The first value needs four complete years.
#}
with by_period as (select * from {{ ref("int_measures__by_period") }} where period_type = 'calendar_year'),

complete_periods as (
    select
        covered.area_code,
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
        by_period.measure_code,
        by_period.area_code,
        by_period.feed,
        by_period.period_label,
        cast(by_period.period_label as integer) as calendar_year,
        by_period.value,
        by_period.is_synthetic,
        by_period.is_revised
    from by_period
    inner join complete_periods
        on
            by_period.feed = complete_periods.feed
            and by_period.area_code = complete_periods.area_code
            and by_period.period_label = complete_periods.period_label
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
