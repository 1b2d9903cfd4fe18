-- What a plan (one priority of it where $priority names it) promises and has no complete figure, and why: nobody measures
-- it, or what was delivered makes no whole period yet.
-- The feeds that tell of other areas alone than those of the plan's targets are no help to it.
with told_elsewhere as (
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
)

select indicator_code, words, plan_line, why, is_begun
from (
    select
        1 as kind,
        priority_number,
        cast(null as varchar) as indicator_code,
        published_text as words,
        plan_line,
        note as why,
        priority_code,
        false as is_begun
    from plan_items
    where plan_id = $plan and item_kind = 'priority' and not section_present
    union all
    select
        1,
        priority_number,
        null,
        published_text,
        plan_line,
        why_not_measured || coalesce('. What would: ' || would_measure, ''),
        priority_code,
        measurement = 'no_figure' and exists (
            select * from aim_indicators
            where
                aim_indicators.plan_id = aims.plan_id and aim_indicators.priority_code = aims.priority_code
                and aim_indicators.aim_number = aims.aim_number
                and aim_indicators.indicator_code in (select indicator_code from with_figures)
        )
    from aims
    where plan_id = $plan and measurement in ('not_measured', 'no_figure', 'not_said')
    union all
    select
        2,
        scorecard.priority_number,
        scorecard.indicator_code,
        scorecard.label,
        min(scorecard.plan_line),
        coalesce(
            any_value(indicators.availability_reason),
            case
                when scorecard.indicator_code in (select indicator_code from with_figures)
                    then 'no year of it, nor a year so far, is complete in the plan''s area; its page shows what was delivered'
                when any_value(indicators.source_feed) in (select source_feed from told_elsewhere)
                    then 'nothing was delivered for the plan''s area, only for others'
                else 'no figure has been delivered'
            end
        ),
        scorecard.priority_code,
        scorecard.indicator_code in (select indicator_code from with_figures)
    from priority_scorecard as scorecard
    inner join indicators on scorecard.indicator_code = indicators.indicator_code
    left join indicator_values as figures
        on
            scorecard.indicator_code = figures.indicator_code
            and scorecard.area_code = figures.area_code
            and scorecard.period_label = figures.period_label
    where scorecard.plan_id = $plan and scorecard.item_kind = 'indicator' and scorecard.value is null
    group by scorecard.priority_number, scorecard.indicator_code, scorecard.label, scorecard.priority_code
    having not coalesce(bool_or(figures.is_suppressed), false)
    union all
    -- What the plan's form prints as an example of a target, and nothing measures.
    select distinct
        4,
        priority_number,
        cast(null as varchar),
        content,
        content_line,
        note,
        theme_code,
        false
    from performance_framework
    where plan_id = $plan and filled_from = 'targets' and item_status = 'example' and indicator_code is null
    union all
    -- A measure that has a target for one year of the plan and none for another.
    select
        3,
        null,
        targets.indicator_code,
        targets.label,
        targets.plan_line,
        targets.remark,
        targets.priority_code,
        false
    from targets
    where targets.plan_id = $plan and targets.target_status = 'not_set' and $priority is not null
    union all
    select
        3,
        null,
        null,
        count(*) || ' targets for ' || targets.target_period,
        min(targets.plan_line),
        any_value(targets.remark),
        null,
        false
    from targets
    where targets.plan_id = $plan and targets.target_status = 'not_set' and $priority is null
    group by targets.target_period
)
where $priority is null or priority_code = $priority
order by kind, priority_number, plan_line, words, why
