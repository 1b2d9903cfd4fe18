-- The months of one series, with mean and limits where it has a control chart.
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
left join control_charts as charts
    on
        months.indicator_code = charts.indicator_code
        and months.area_code = charts.area_code
        and months.period_start = charts.period_start
where months.indicator_code = $indicator and months.area_code = $area and months.period_type = 'month'
order by months.period_start
