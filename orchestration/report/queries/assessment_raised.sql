-- What raises a priority by a rule of the plan, in the latest period of each indicator.
select assessment.*, indicators.decimals
from strategic_assessment as assessment
left join indicators on assessment.indicator_code = indicators.indicator_code
where assessment.plan_id = $plan
qualify row_number() over (
    partition by assessment.section, assessment.indicator_code, assessment.area_code order by assessment.assessment_period desc
) = 1 and assessment.raises_priority
order by assessment.section, assessment.title, assessment.area_name
