with measured as (select * from {{ ref("int_targets__measured") }}),
targets as (select * from {{ ref("targets") }}),
indicators as (select * from {{ ref("indicators") }}),
breaks as (select * from {{ ref("int_indicators__broken") }}),

spans as (
    select distinct
        measured.target_id,
        targets.indicator_code,
        span.kind,
        -- A rolling average compares with what was counted three years earlier.
        {{ add_months(
            "case span.kind when 'baseline' then " ~ year_of_label("targets.baseline_period") ~ " else measured.previous_start end",
            "case when indicators.formula_kind = 'rolling_average_change' then -36 else 0 end"
        ) }} as first_day,
        {{ add_months(year_of_label("targets.target_period"), 12) }} as end_day
    from measured
    inner join targets
        on measured.target_id = targets.target_id
    inner join indicators
        on targets.indicator_code = indicators.indicator_code
    cross join (values ('baseline'), ('previous')) as span (kind)
)

select
    spans.target_id,
    {{ listed("case when spans.kind = 'baseline' then breaks.title end") }} as breaks_since_baseline,
    {{ listed("case when spans.kind = 'previous' then breaks.title end") }} as breaks_since_previous
from spans
inner join breaks
    on
        spans.indicator_code = breaks.indicator_code
        and spans.first_day < breaks.break_date
        and spans.end_day > breaks.break_date
group by spans.target_id
