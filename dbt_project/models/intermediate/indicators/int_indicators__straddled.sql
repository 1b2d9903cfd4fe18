with indicators as (select * from {{ ref("indicators") }} where formula_kind not in ('gap', 'sum')),
periods as (select * from {{ ref("int_periods__judged") }}),
series_breaks as (select * from {{ ref("series_breaks") }}),

spans as (
    select distinct
        indicators.indicator_code,
        indicators.numerator_measure,
        indicators.denominator_measure,
        periods.period_start,
        periods.period_end,
        -- A rolling average compares with what was counted three years earlier.
        case
            when indicators.formula_kind = 'rolling_average_change' then {{ add_months("periods.period_start", -36) }}
            else periods.period_start
        end as first_day_compared
    from indicators
    inner join periods
        on indicators.source_feed = periods.feed
)

select
    spans.indicator_code,
    spans.period_start,
    spans.period_end,
    {{ listed("series_breaks.title") }} as titles
from spans
inner join series_breaks
    on
        series_breaks.measure_code in (spans.numerator_measure, spans.denominator_measure)
        and spans.first_day_compared < series_breaks.break_date
        and spans.period_end >= series_breaks.break_date
group by spans.indicator_code, spans.period_start, spans.period_end
