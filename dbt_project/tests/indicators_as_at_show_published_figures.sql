-- Detects: a figure as at the run's date, or of the year before, that is not the one that indicator_values publishes.
-- Usually means: a model reads measures, or figures before int_indicators__shown, past the rules of disclosure.
-- Rows: one per indicator, area and period shown.
with shown as (
    select
        indicator_code,
        area_code,
        period_type,
        period_start,
        period_end,
        value,
        numerator,
        denominator
    from {{ ref("indicators_as_at") }}
    where period_type is not null
    union all
    select
        indicator_code,
        area_code,
        period_type,
        previous_period_start,
        previous_period_end,
        previous_value,
        previous_numerator,
        previous_denominator
    from {{ ref("indicators_as_at") }}
    where previous_period_start is not null
)

select
    shown.*,
    figures.value as published_value
from shown
left join {{ ref("indicator_values") }} as figures
    on
        shown.indicator_code = figures.indicator_code
        and shown.area_code = figures.area_code
        and shown.period_type = figures.period_type
        and shown.period_start = figures.period_start
        and shown.period_end = figures.period_end
where
    figures.indicator_code is null
    or shown.value is distinct from figures.value
    or shown.numerator is distinct from figures.numerator
    or shown.denominator is distinct from figures.denominator
