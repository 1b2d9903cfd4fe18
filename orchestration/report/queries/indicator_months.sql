-- The months of series, with mean and limits where they have a control chart.
with shown as (
    select unnest(cast($indicators as varchar [])) as indicator_code, unnest(cast($areas as varchar [])) as area_code
)

select
    months.*,
    charts.centre_line,
    charts.lower_limit,
    charts.upper_limit,
    charts.baseline_start,
    charts.baseline_end,
    coalesce(charts.is_signal, false) as is_signal,
    charts.signals
from indicator_values as months
inner join shown on months.indicator_code = shown.indicator_code and months.area_code = shown.area_code
left join control_charts as charts
    on
        months.indicator_code = charts.indicator_code
        and months.area_code = charts.area_code
        and months.period_start = charts.period_start
where months.period_type = 'month'
order by months.indicator_code, months.period_start
