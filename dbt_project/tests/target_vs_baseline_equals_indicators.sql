-- Detects: a target whose baseline or outturn is not the published indicator value of that year.
-- Usually means: the two marts read different months or populations.
-- Rows: one per target and year, with the figure in each mart.

with compared as (
    select
        target_id,
        indicator_code,
        area_code,
        baseline_period as period_label,
        baseline_value as figure
    from {{ ref("target_vs_baseline") }}
    where baseline_value is not null
    union
    select
        target_id,
        indicator_code,
        area_code,
        target_period,
        actual_to_date
    from {{ ref("target_vs_baseline") }}
    where months_elapsed = 12 and actual_to_date is not null
)

select
    compared.*,
    published.value
from compared
left join {{ ref("indicator_values") }} as published
    on
        compared.indicator_code = published.indicator_code
        and compared.area_code = published.area_code
        and compared.period_label = published.period_label
        and published.period_type in ('financial_year', 'calendar_year')
where published.value is null or abs(compared.figure - published.value) > 0.000001
