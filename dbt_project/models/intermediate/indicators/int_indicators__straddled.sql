with indicators as (select * from {{ ref("indicators") }}),
broken as (select * from {{ ref("int_indicators__broken") }}),

periods as (
    select distinct
        period_start,
        period_end
    from {{ ref("int_periods__judged") }}
),

-- A period is compared with the year before it; a rolling average looks back three years more.
spans as (
    select
        broken.indicator_code,
        broken.break_date,
        broken.title,
        periods.period_start,
        periods.period_end,
        {{ add_months(
            "periods.period_start", "case when indicators.formula_kind = 'rolling_average_change' then -48 else -12 end"
        ) }} as first_day_compared
    from broken
    inner join indicators
        on broken.indicator_code = indicators.indicator_code
    cross join periods
)

select
    indicator_code,
    period_start,
    period_end,
    max(case when break_date <= period_end then break_date end) as series_start,
    {{ add_days("min(case when break_date > period_end then break_date end)", -1) }} as series_end,
    {{ listed("case when break_date > first_day_compared and break_date <= period_end then title end") }} as titles
from spans
group by indicator_code, period_start, period_end
