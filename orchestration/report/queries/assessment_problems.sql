-- What residents name beside what is recorded, in the latest year in which residents were asked.
select
    assessment.*,
    indicators.decimals,
    recorded.title as recorded_title
from strategic_assessment as assessment
left join indicators on assessment.indicator_code = indicators.indicator_code
left join indicators as recorded on assessment.recorded_indicator = recorded.indicator_code
where assessment.plan_id = $plan and assessment.problem is not null
qualify assessment.assessment_period = max(assessment.assessment_period) over ()
order by assessment.views_rank, assessment.problem
