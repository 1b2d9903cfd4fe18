-- Which neighbourhood moves differently in the latest twelve months: how much was tested in each, what of it differs.
with latest as (
    select * from neighbourhood_scorecard
    where plan_id = $plan and period_type = 'rolling_12_months'
    qualify period_end = max(period_end) over ()
)

select
    neighbourhood_code,
    neighbourhood_name,
    made_of,
    neighbourhood_note,
    period_end,
    count(difference_p_value) as tested,
    count(*) filter (where moves_differently) as differing,
    string_agg(title, '; ' order by title) filter (where moves_differently) as what_differs
from latest
where not is_context and coalesce(value + previous_value > 0, true)
group by neighbourhood_code, neighbourhood_name, made_of, neighbourhood_note, period_end
order by neighbourhood_name
