select assessment.*, indicators.decimals
from strategic_assessment as assessment
left join indicators on assessment.indicator_code = indicators.indicator_code
where
    assessment.plan_id = $plan and assessment.section = $section
    and (not assessment.is_context or assessment.area_level in ('county', 'force'))
order by assessment.is_context, assessment.change_is_significant desc nulls last, abs(assessment.change_pct) desc nulls last,
    assessment.title, assessment.area_name
