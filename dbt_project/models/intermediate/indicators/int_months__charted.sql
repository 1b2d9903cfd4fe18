with months as (
    select * from {{ ref("indicator_values") }}
    where period_type = 'month' and value is not null and is_complete
),

indicators as (select * from {{ ref("indicators") }} where formula_kind not in ('gap', 'sum', 'rolling_average_change')),
breaks as (
    select distinct
        indicator_code,
        break_date
    from {{ ref("int_indicators__broken") }}
),

-- A series starts anew at a stated break, and at nothing else.
placed as (
    select
        months.indicator_code,
        months.area_code,
        months.period_start,
        max(breaks.break_date) as series_start
    from months
    left join breaks
        on months.indicator_code = breaks.indicator_code and months.period_start >= breaks.break_date
    group by months.indicator_code, months.area_code, months.period_start
),

numbered as (
    select
        months.* exclude (series_start),
        indicators.polarity,
        indicators.polarity_contested,
        coalesce(placed.series_start, date '0001-01-01') as series_start,
        row_number() over series as point_number,
        lag(months.value) over series as previous_value,
        -- A month that is missing or hidden ends what is in a row, and gives no moving range.
        coalesce({{ add_months("lag(months.period_start) over series", 1) }} = months.period_start, false) as follows_on
    from months
    inner join indicators
        on months.indicator_code = indicators.indicator_code
    inner join placed
        on
            months.indicator_code = placed.indicator_code
            and months.area_code = placed.area_code
            and months.period_start = placed.period_start
    window series as (
        partition by months.indicator_code, months.area_code, placed.series_start order by months.period_start
    )
)

select
    *,
    sum(case when follows_on then 0 else 1 end) over (
        partition by indicator_code, area_code, series_start order by period_start
    ) as stretch_number
from numbered
