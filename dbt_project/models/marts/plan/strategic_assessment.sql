with paired as (select * from {{ ref("int_years__paired") }}),
catalogue as (select * from {{ ref("indicator_catalogue") }}),
changes as (select * from {{ ref("int_changes__tested") }}),

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
)

select
    plan_id,
    section,
    period_label as assessment_period,
    case when section <> 'levels_of_crime' then previous_period_label end as previous_period,
    indicator_code,
    title,
    priority_codes,
    area_code,
    area_name,
    area_level,
    is_context,
    value,
    lower_95,
    upper_95,
    unit,
    case when section <> 'levels_of_crime' then previous_value end as previous_value,
    case when section <> 'levels_of_crime' then round(change, 6) end as change,
    case
        when section = 'changes_in_crime' and previous_value > 0 then round(100 * change / previous_value, 6)
    end as change_pct,
    case when section <> 'levels_of_crime' then change_p_value end as change_p_value,
    case when section <> 'levels_of_crime' then round(change_lower_95, 6) end as change_lower_95,
    case when section <> 'levels_of_crime' then round(change_upper_95, 6) end as change_upper_95,
    case when section <> 'levels_of_crime' then change_is_significant end as change_is_significant,
    case when section <> 'levels_of_crime' then direction_of_travel end as direction_of_travel,
    case when section = 'community_views' then direction_of_travel = 'worsening' end as raises_priority,
    definition_status,
    is_synthetic,
    is_suppressed,
    section = 'levels_of_crime' or comparable as comparable,
    nullif(
        concat_ws(
            '; ',
            note,
            case when section <> 'levels_of_crime' then 'not comparable: ' || break_titles end,
            case when section = 'community_views' and previous_period_label is null then 'no earlier wave' end,
            case when section <> 'levels_of_crime' and previous_is_suppressed then 'the year before is suppressed' end
        ),
        ''
    ) as note
from sections
order by plan_id, section, assessment_period, indicator_code, area_code
