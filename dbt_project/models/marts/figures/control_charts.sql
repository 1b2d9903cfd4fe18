select
    indicator_code,
    area_code,
    area_name,
    area_level,
    period_start,
    period_end,
    period_label,
    value,
    unit,
    baseline_start,
    baseline_end,
    baseline_points,
    round(centre, 10) as centre_line,
    -- What can only be 0 or more has no limit below it.
    round(case when is_never_negative then greatest(centre - distance, 0) else centre - distance end, 10) as lower_limit,
    round(centre + distance, 10) as upper_limit,
    is_signal,
    signals,
    control_state,
    is_synthetic
from {{ ref("int_points__judged") }}
where chart = 'months'
order by indicator_code, area_code, period_start
