-- How many of the indicators that a plan names have a figure of a whole period or a year so far in the plan's area, how
-- many others have figures of months or of other areas, and how many have none; no row for a plan that names none.
with named as (
    select
        scorecard.indicator_code,
        bool_or(scorecard.value is not null or coalesce(figures.is_suppressed, false)) as is_measured
    from priority_scorecard as scorecard
    inner join indicators on scorecard.indicator_code = indicators.indicator_code
    left join indicator_values as figures
        on
            scorecard.indicator_code = figures.indicator_code
            and scorecard.area_code = figures.area_code
            and scorecard.period_label = figures.period_label
    where scorecard.plan_id = $plan and scorecard.item_kind = 'indicator'
    group by scorecard.indicator_code
),

judged as (
    select
        is_measured,
        indicator_code in (select indicator_code from indicator_values where value is not null) as has_figures
    from named
)

select
    count(*) as indicators,
    count(*) filter (is_measured) as measured,
    count(*) filter (not is_measured and has_figures) as begun,
    count(*) filter (not is_measured and not has_figures) as without_figures
from judged
having count(*) > 0
