with paired as (select * from {{ ref("int_years__paired") }}),
catalogue as (select * from {{ ref("indicator_catalogue") }}),
changes as (select * from {{ ref("int_changes__tested") }}),
ranked as (select * from {{ ref("int_problems__ranked") }}),
rules as (select * from {{ ref("plan_assessment_rules") }}),

priorities as (
    select
        plan_id,
        indicator_code,
        {{ listed("priority_code") }} as priority_codes
    from {{ ref("plan_indicator_links") }}
    group by plan_id, indicator_code
),

-- The interval of a difference is put together from those of its two figures (square-and-add, Zou and Donner).
-- Over a series break there is neither interval nor test.
compared as (
    select
        paired.*,
        paired.value - paired.previous_value as change,
        changes.p_value as change_p_value,
        case
            when paired.comparable and paired.formula_kind <> 'count'
                then {{ newcombe_lower("paired.value", "paired.lower_95", "paired.previous_value", "paired.previous_upper_95") }}
        end as change_lower_95,
        case
            when paired.comparable and paired.formula_kind <> 'count'
                then {{ newcombe_upper("paired.value", "paired.upper_95", "paired.previous_value", "paired.previous_lower_95") }}
        end as change_upper_95
    from paired
    left join changes
        on
            paired.comparable
            and paired.formula_kind = 'count'
            and paired.value = changes.actual_count
            and paired.previous_value = changes.comparison_count
            and changes.expected_share = 0.5
),

tested as (
    select
        compared.*,
        coalesce(change_p_value < 0.05, change_lower_95 > 0 or change_upper_95 < 0) as change_is_significant
    from compared
),

directed as (
    select
        tested.*,
        catalogue.title,
        catalogue.polarity,
        catalogue.polarity_contested,
        priorities.priority_codes,
        case
            when
                catalogue.polarity = 'neutral'
                or catalogue.polarity_contested
                or not tested.comparable
                or tested.change_is_significant is null
                then null
            when not tested.change_is_significant or tested.change = 0 then 'steady'
            when (tested.change < 0) = (catalogue.polarity = 'lower_is_better') then 'improving'
            else 'worsening'
        end as direction_of_travel
    from tested
    inner join catalogue
        on tested.indicator_code = catalogue.indicator_code
    left join priorities
        on
            tested.plan_id = priorities.plan_id
            and tested.indicator_code = priorities.indicator_code
),

sections as (
    select
        directed.*,
        'levels_of_crime' as section
    from directed
    where sample_design is null and is_plan_area
    union all
    select
        directed.*,
        'changes_in_crime'
    from directed
    where sample_design is null and is_plan_area and (previous_value is not null or previous_is_suppressed)
    union all
    select
        directed.*,
        'community_views'
    from directed
    -- Transects of streets are a sample, but nobody's view.
    where sample_design <> 'representative_sample'
),

beside as (
    select
        sections.*,
        ranked.problem,
        ranked.recorded_indicator,
        ranked.recorded_value,
        ranked.views_rank,
        ranked.recorded_rank,
        ranked.ranked_count,
        ranked.ranks_higher,
        case
            when sections.section = 'changes_in_crime' and sections.previous_value > 0
                then round(100 * sections.change / sections.previous_value, 6)
        end as change_pct
    from sections
    left join ranked
        on
            sections.section = 'community_views'
            and sections.plan_id = ranked.plan_id
            and sections.indicator_code = ranked.view_indicator
            and sections.area_code = ranked.area_code
            and sections.period_label = ranked.period_label
),

-- A rule judges a row that has what it asks for, and every condition must hold. Levels have no direction.
judged as (
    select
        beside.plan_id,
        beside.section,
        beside.period_label,
        beside.indicator_code,
        beside.area_code,
        rules.words,
        (rules.minimum_value is null or beside.value >= rules.minimum_value)
        and (rules.minimum_change_pct is null or abs(beside.change_pct) >= rules.minimum_change_pct)
        and (rules.minimum_ranks_higher is null or beside.ranks_higher >= rules.minimum_ranks_higher)
        and (not rules.needs_worsening or beside.direction_of_travel = 'worsening') as is_raised
    from beside
    inner join rules
        on
            beside.plan_id = rules.plan_id
            and beside.section = rules.section
            and (rules.counts_context or not beside.is_context)
    where
        beside.value is not null
        and (rules.minimum_change_pct is null or beside.change_pct is not null)
        and (rules.minimum_ranks_higher is null or beside.ranks_higher is not null)
        and (not rules.needs_worsening or beside.direction_of_travel is not null and beside.section <> 'levels_of_crime')
),

raised as (
    select
        plan_id,
        section,
        period_label,
        indicator_code,
        area_code,
        bool_or(is_raised) as raises_priority,
        string_agg(case when is_raised then words end, '; ' order by words) as raised_because
    from judged
    group by plan_id, section, period_label, indicator_code, area_code
)

select
    beside.plan_id,
    beside.section,
    beside.period_label as assessment_period,
    case when beside.section <> 'levels_of_crime' then beside.previous_period_label end as previous_period,
    beside.indicator_code,
    beside.title,
    beside.priority_codes,
    beside.area_code,
    beside.area_name,
    beside.area_level,
    beside.is_context,
    beside.value,
    beside.lower_95,
    beside.upper_95,
    beside.unit,
    case when beside.section <> 'levels_of_crime' then beside.previous_value end as previous_value,
    case when beside.section <> 'levels_of_crime' then round(beside.change, 6) end as change,
    beside.change_pct,
    case when beside.section <> 'levels_of_crime' then beside.change_p_value end as change_p_value,
    case when beside.section <> 'levels_of_crime' then round(beside.change_lower_95, 6) end as change_lower_95,
    case when beside.section <> 'levels_of_crime' then round(beside.change_upper_95, 6) end as change_upper_95,
    case when beside.section <> 'levels_of_crime' then beside.change_is_significant end as change_is_significant,
    case when beside.section <> 'levels_of_crime' then beside.direction_of_travel end as direction_of_travel,
    beside.problem,
    beside.views_rank,
    beside.recorded_indicator,
    beside.recorded_value,
    beside.recorded_rank,
    beside.ranked_count,
    beside.ranks_higher,
    raised.raises_priority,
    raised.raised_because,
    beside.definition_status,
    beside.is_synthetic,
    beside.is_suppressed,
    beside.section <> 'levels_of_crime' and beside.previous_is_suppressed as previous_is_suppressed,
    beside.section = 'levels_of_crime' or beside.comparable as comparable,
    nullif(
        concat_ws(
            '; ',
            beside.note,
            case when beside.section <> 'levels_of_crime' then 'not comparable: ' || beside.break_titles end,
            case when beside.section = 'community_views' and beside.previous_period_label is null then 'no earlier wave' end,
            case when beside.section <> 'levels_of_crime' and beside.previous_is_suppressed then 'the year before is suppressed' end
        ),
        ''
    ) as note
from beside
left join raised
    on
        beside.plan_id = raised.plan_id
        and beside.section = raised.section
        and beside.period_label = raised.period_label
        and beside.indicator_code = raised.indicator_code
        and beside.area_code = raised.area_code
order by beside.plan_id, beside.section, assessment_period, beside.indicator_code, beside.area_code
