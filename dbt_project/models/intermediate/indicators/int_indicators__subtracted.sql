with gaps as (select * from {{ ref("indicator_gaps") }}),
valued as (select * from {{ ref("int_indicators__valued") }})

select
    gaps.indicator_code,
    minuends.area_code,
    minuends.area_name,
    minuends.area_level,
    minuends.period_type,
    minuends.period_start,
    minuends.period_end,
    minuends.period_label,
    minuends.is_complete and subtrahends.is_complete as is_complete,
    coalesce(minuends.completeness_note, subtrahends.completeness_note) as completeness_note,
    minuends.is_past_revision_window,
    minuends.is_synthetic or subtrahends.is_synthetic as is_synthetic,
    minuends.is_revised or subtrahends.is_revised as is_revised,
    minuends.is_suppressed or subtrahends.is_suppressed as is_suppressed,
    case
        when not (minuends.is_suppressed or subtrahends.is_suppressed) then coalesce(minuends.rounded_to, subtrahends.rounded_to)
    end as rounded_to,
    case
        when not (minuends.is_suppressed or subtrahends.is_suppressed) then least(minuends.base_count, subtrahends.base_count)
    end as base_count,
    minuends.value - subtrahends.value as value,
    round(
        {{ newcombe_lower("minuends.value", "minuends.lower_limit", "subtrahends.value", "subtrahends.upper_limit") }}, 12
    ) as lower_limit,
    round(
        {{ newcombe_upper("minuends.value", "minuends.upper_limit", "subtrahends.value", "subtrahends.lower_limit") }}, 12
    ) as upper_limit,
    'newcombe' as interval_method
from gaps
inner join valued as minuends
    on gaps.minuend_indicator = minuends.indicator_code
inner join valued as subtrahends
    on
        gaps.subtrahend_indicator = subtrahends.indicator_code
        and minuends.area_code = subtrahends.area_code
        and minuends.period_type = subtrahends.period_type
        and minuends.period_label = subtrahends.period_label
