-- The latest year of each indicator in one section of the assessment.
select assessment.*, indicators.decimals
from strategic_assessment as assessment
left join indicators on assessment.indicator_code = indicators.indicator_code
where
    assessment.plan_id = $plan and assessment.section = $section
    and (not assessment.is_context or assessment.area_level in ('county', 'force'))
qualify row_number() over (
    partition by assessment.indicator_code, assessment.area_code order by assessment.assessment_period desc
) = 1
order by assessment.is_context, assessment.change_is_significant desc nulls last, abs(assessment.change_pct) desc nulls last,
    assessment.title, assessment.area_name
