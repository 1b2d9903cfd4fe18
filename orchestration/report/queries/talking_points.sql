-- What a meeting should talk about first: targets that are missed or off course, changes for the worse that are more
-- than noise, months that are a signal for the worse, agencies that owe a return; then targets near their course, and
-- signals for the better.
with latest as (
    select * from target_vs_baseline
    where plan_id = $plan and target_status in ('set', 'illustrative')
    qualify row_number() over (partition by target_id order by as_at desc) = 1
),

followed as (
    select indicator_code, area_code from target_vs_baseline where plan_id = $plan
    union
    select indicator_code, area_code from plan_indicators where plan_id = $plan
),

latest_months as (
    select control_charts.*, epoch(control_charts.period_start) as period_number
    from control_charts
    inner join followed
        on control_charts.indicator_code = followed.indicator_code and control_charts.area_code = followed.area_code
    qualify row_number() over (
        partition by control_charts.indicator_code, control_charts.area_code order by control_charts.period_start desc
    ) = 1
),

-- What grew worse in an earlier year and no more is for the assessment to tell.
latest_years as (
    select * from strategic_assessment
    where plan_id = $plan and section = 'changes_in_crime' and not is_context
    qualify row_number() over (partition by indicator_code, area_code order by assessment_period desc) = 1
),

-- The feeds of which the plan's indicators and targets are counted.
feeds as (
    select indicators.source_feed
    from indicators
    where
        indicators.indicator_code in (
            select indicator_code from plan_indicators where plan_id = $plan
            union
            select indicator_code from targets where plan_id = $plan
        )
),

-- What the suppliers of the plan's areas owe of them; a feed that is not counted by month does not tell its areas.
owed as (
    select
        count(*) as returns,
        min(due_on) as first_due_on,
        coalesce(supplier_name, supplier, agency) as supplier,
        coalesce(supplier_name, supplier, agency) || ' owes ' || feed_title || ': '
        || case when count(*) = 1 then 'a return for ' else count(*) || ' returns, for ' end
        || string_agg(
            strftime(period_start, '%Y-%m')
            || case when last_day(period_start) < period_end then ' to ' || strftime(period_end, '%Y-%m') else '' end,
            ', ' order by period_start, period_end
        )
        || ', ' || case when count(*) = 1 then '' else 'the first ' end || 'due on ' || strftime(min(due_on), '%-d %B %Y') as sentence
    from agency_returns
    left join (
        select
            source_feed,
            home_area_code,
            bool_or(area_code in (select area_code from followed where area_code is not null)) as is_of_the_plan
        from coverage
        group by source_feed, home_area_code
    ) as covered
        on agency_returns.feed = covered.source_feed and agency_returns.home_area_code = covered.home_area_code
    where
        agency_returns.status = 'missing'
        and agency_returns.feed in (select source_feed from feeds where source_feed is not null)
        and covered.is_of_the_plan is distinct from false
    group by feed_title, coalesce(supplier_name, supplier, agency)
),

points as (
    select
        case when latest.outcome = 'not_met' or latest.rag = 'red' then 1 else 5 end as kind,
        -abs(latest.variance_to_profile_pct) as weight,
        targets.label || ': '
        || case when latest.outcome = 'not_met' then 'not met' when latest.rag = 'red' then 'off course' else 'near its course' end
        || coalesce(', ' || round(abs(latest.variance_to_profile_pct), 1) || '% from its profile', '')
        || ' on ' || strftime(latest.as_at, '%-d %B %Y') as sentence,
        -- A target of no priority has no page but that of its indicator.
        case
            when latest.priority_code in (select priority_code from plan_items where plan_id = $plan and item_kind = 'priority')
                then 'priority-' || latest.plan_id || '-' || latest.priority_code
            else 'indicator-' || latest.indicator_code
        end as page
    from latest
    inner join targets on latest.target_id = targets.target_id
    where latest.outcome = 'not_met' or (latest.outcome = 'in_progress' and latest.rag in ('red', 'amber'))
    union all
    select
        2,
        change_p_value,
        title || ' in ' || area_name || ': ' || case when change > 0 then 'up' else 'down' end
        || coalesce(' by ' || round(abs(change_pct), 1) || '%', '') || ' in ' || assessment_period || ', more than noise',
        'indicator-' || indicator_code
    from latest_years
    where change_is_significant and direction_of_travel = 'worsening'
    union all
    -- Of indicators that the plan names, the latest month where it is a signal.
    select
        case latest_months.control_state when 'worsening' then 3 else 6 end,
        -period_number,
        indicators.title || ' in ' || latest_months.area_name || ', ' || strftime(latest_months.period_start, '%B %Y') || ': '
        || latest_months.control_state || ', ' || latest_months.signals,
        'indicator-' || latest_months.indicator_code
    from latest_months
    inner join indicators on latest_months.indicator_code = indicators.indicator_code
    where latest_months.is_signal and latest_months.control_state in ('worsening', 'improving')
    -- A count and its rate say the same.
    qualify row_number() over (
        partition by latest_months.area_code, coalesce(indicators.numerator_measure, indicators.indicator_code)
        order by indicators.formula_kind <> 'rate', indicators.indicator_code
    ) = 1
    union all
    -- One line, whoever owes: the page has them all.
    select
        4,
        0,
        case
            when count(*) = 1 then ''
            else
                format('{:,} returns are owed by ', cast(sum(returns) as bigint))
                || case when count(distinct supplier) = 1 then 'one supplier' else count(distinct supplier) || ' suppliers' end
                || '; the first due: '
        end
        || arg_min(sentence, (first_due_on, sentence)),
        'data-quality'
    from owed
    having count(*) > 0
),

ranked as (
    select *, row_number() over (partition by kind order by weight, sentence) as rank from points
)

-- The first of each kind before the second of any, and five at most.
select sentence, page
from (select * from ranked order by rank, kind limit 5)
order by kind, rank
