-- The latest twelve months, or year, of each indicator in each priority neighbourhood, beside the whole area of the plan: first
-- what moves differently, then what the plan names or has a target for; the others come last.
with named as (
    select indicator_code from plan_indicators where plan_id = $plan
    union
    select indicator_code from targets where plan_id = $plan
)

select
    scorecard.*,
    indicators.decimals,
    coalesce(scorecard.moves_differently, false)
    or scorecard.stands_for is not null
    or scorecard.indicator_code in (select indicator_code from named) as comes_first
from neighbourhood_scorecard as scorecard
left join indicators on scorecard.indicator_code = indicators.indicator_code
where scorecard.plan_id = $plan
qualify row_number() over (
    partition by scorecard.neighbourhood_code, scorecard.indicator_code, scorecard.area_code
    order by
        scorecard.value is null and not scorecard.is_suppressed, scorecard.period_end desc,
        scorecard.period_type = 'rolling_12_months'
) = 1
order by
    scorecard.neighbourhood_name, coalesce(scorecard.moves_differently, false) desc, comes_first desc, scorecard.is_context,
    scorecard.title, scorecard.indicator_code
