-- The latest year of each indicator in each priority neighbourhood, beside the whole area of the plan.
select scorecard.*, indicators.decimals
from neighbourhood_scorecard as scorecard
left join indicators on scorecard.indicator_code = indicators.indicator_code
where scorecard.plan_id = $plan
qualify row_number() over (
    partition by scorecard.neighbourhood_code, scorecard.indicator_code, scorecard.area_code
    order by scorecard.value is null and not scorecard.is_suppressed, scorecard.period_label desc
) = 1
order by scorecard.neighbourhood_name, scorecard.is_context, scorecard.title
