-- The indicators of one priority with their latest figure.
select
    scorecard.indicator_code,
    scorecard.label,
    scorecard.item_status,
    scorecard.plan_line,
    scorecard.period_label,
    scorecard.area_code,
    areas.area_name,
    scorecard.is_context,
    scorecard.value,
    scorecard.unit,
    scorecard.is_synthetic,
    coalesce(figures.is_suppressed, false) as is_suppressed,
    figures.lower_95,
    figures.upper_95,
    indicators.decimals,
    indicators.availability_reason,
    scorecard.note
from priority_scorecard as scorecard
left join indicators on scorecard.indicator_code = indicators.indicator_code
left join areas on scorecard.area_code = areas.area_code
left join indicator_values as figures
    on
        scorecard.indicator_code = figures.indicator_code
        and scorecard.area_code = figures.area_code
        and scorecard.period_label = figures.period_label
where scorecard.plan_id = $plan and scorecard.priority_code = $priority and scorecard.item_kind = 'indicator'
qualify row_number() over (partition by scorecard.item_code, scorecard.indicator_code order by figures.period_type) = 1
order by try_cast(scorecard.item_code as integer), scorecard.item_code
