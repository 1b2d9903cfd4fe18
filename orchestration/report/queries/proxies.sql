-- Of each comparison and partnership the latest period in which both counts are complete, else the latest.
select
    comparison,
    area_name,
    period_label,
    proxy_count,
    official_count,
    difference_pct,
    tolerance_pct,
    is_within_tolerance,
    not_compared_because,
    known_causes,
    is_synthetic
from proxy_comparison
qualify
    row_number() over (
        partition by comparison_code, area_code, is_synthetic
        order by not_compared_because is null desc, period_end desc, period_type
    ) = 1
order by area_name, comparison, is_synthetic
