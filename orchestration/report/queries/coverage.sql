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

-- The feeds that tell of other areas alone than those of the plan's targets.
told_elsewhere as (
    select coverage.source_feed
    from coverage
    left join (select distinct area_code from targets where plan_id = $plan and area_code is not null) as planned
        on coverage.area_code = planned.area_code
    where exists (select * from targets where plan_id = $plan and area_code is not null)
    group by coverage.source_feed
    having count(planned.area_code) = 0
),

with_figures as (
    select distinct indicator_values.indicator_code
    from indicator_values
    inner join indicators on indicator_values.indicator_code = indicators.indicator_code
    left join told_elsewhere on indicators.source_feed = told_elsewhere.source_feed
    where indicator_values.value is not null and told_elsewhere.source_feed is null
),

judged as (
    select
        is_measured,
        indicator_code in (select indicator_code from with_figures) as has_figures
    from named
)

select
    count(*) as indicators,
    count(*) filter (is_measured) as measured,
    count(*) filter (not is_measured and has_figures) as begun,
    count(*) filter (not is_measured and not has_figures) as without_figures
from judged
having count(*) > 0
