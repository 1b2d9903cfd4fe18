-- Every point of a control chart is the figure that indicator_values publishes for its month.
select
    charts.indicator_code,
    charts.area_code,
    charts.period_label,
    charts.value,
    figures.value as published_value
from {{ ref("control_charts") }} as charts
left join {{ ref("indicator_values") }} as figures
    on
        charts.indicator_code = figures.indicator_code
        and charts.area_code = figures.area_code
        and charts.period_start = figures.period_start
        and figures.period_type = 'month'
where figures.value is null or figures.value <> charts.value or figures.is_suppressed or not figures.is_complete
