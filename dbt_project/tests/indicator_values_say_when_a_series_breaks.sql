-- A figure is comparable exactly where no published break lies in its period or parts it from the year before.
with figures as (
    select
        indicator_values.*,
        {{ add_months(
            "indicator_values.period_start",
            "case when indicators.formula_kind = 'rolling_average_change' then -48 else -12 end"
        ) }} as first_day_compared
    from {{ ref("indicator_values") }} as indicator_values
    inner join {{ ref("indicators") }} as indicators
        on indicator_values.indicator_code = indicators.indicator_code
)

select
    figures.indicator_code,
    figures.area_code,
    figures.period_label,
    figures.comparable,
    min(series_breaks.break_date) as break_date
from figures
left join {{ ref("series_breaks") }} as series_breaks
    on
        figures.indicator_code = series_breaks.indicator_code
        and figures.first_day_compared < series_breaks.break_date
        and figures.period_end >= series_breaks.break_date
group by figures.indicator_code, figures.area_code, figures.period_type, figures.period_label, figures.comparable
having figures.comparable = (min(series_breaks.break_date) is not null)
