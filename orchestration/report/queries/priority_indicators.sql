-- The indicators of one priority as at the release's date, beside the same period a year before.
select
    scorecard.indicator_code,
    scorecard.label,
    scorecard.item_status,
    scorecard.plan_line,
    scorecard.area_code,
    areas.area_name,
    scorecard.is_context,
    now.period_label,
    now.value,
    coalesce(now.unit, scorecard.unit) as unit,
    now.lower_95,
    now.upper_95,
    now.previous_value,
    coalesce(now.previous_is_suppressed, false) as previous_is_suppressed,
    now.change,
    now.change_percent,
    now.is_significant,
    now.direction,
    now.control_period_label,
    now.control_reason,
    coalesce(now.is_synthetic, false) as is_synthetic,
    coalesce(now.is_suppressed, false) as is_suppressed,
    now.flags,
    coalesce(now.why_no_figure, now.why_no_comparison, indicators.availability_reason) as why,
    indicators.decimals
from priority_scorecard as scorecard
left join indicators on scorecard.indicator_code = indicators.indicator_code
left join areas on scorecard.area_code = areas.area_code
left join indicators_as_at as now
    on scorecard.indicator_code = now.indicator_code and scorecard.area_code = now.area_code
where scorecard.plan_id = $plan and scorecard.priority_code = $priority and scorecard.item_kind = 'indicator'
order by try_cast(scorecard.item_code as integer), scorecard.item_code, scorecard.indicator_code
