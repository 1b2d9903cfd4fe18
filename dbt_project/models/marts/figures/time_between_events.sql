select
    indicator_code,
    area_code,
    area_name,
    area_level,
    cast(row_number() over (partition by indicator_code, area_code order by series_start, point_number) as integer) as wait_number,
    events_per_wait,
    wait_start,
    period_start,
    period_label,
    months_waited,
    baseline_start,
    baseline_end,
    baseline_points,
    round(mean_time, 10) as baseline_mean,
    {% for line, place in {"centre_line": "centre", "lower_limit": "centre - distance", "upper_limit": "centre + distance"}.items() %}
        round(mean_time * power(greatest({{ place }}, 0), 3), 10) as {{ line }},
    {% endfor %}
    is_signal,
    signals,
    control_state,
    is_synthetic
from {{ ref("int_points__judged") }}
where chart = 'time between events'
order by indicator_code, area_code, wait_number
