with neighbourhoods as (select * from {{ ref("plan_neighbourhoods") }}),
plans as (select * from {{ ref("plans") }}),
catalogue as (select * from {{ ref("indicator_catalogue") }}),
paired as (select * from {{ ref("int_years__paired") }} where formula_kind = 'count'),
changes as (select * from {{ ref("int_changes__tested") }}),
differences as (select * from {{ ref("int_neighbourhoods__tested") }}),

links as (
    select distinct
        plan_id,
        priority_code,
        indicator_code
    from {{ ref("plan_indicator_links") }}
),

-- What is measured there, beside the same years of the plan's area.
compared as (
    select
        neighbourhoods.plan_id,
        neighbourhoods.area_code as neighbourhood_code,
        neighbourhoods.published_name as neighbourhood_name,
        neighbourhoods.minimum_count,
        neighbourhoods.tolerance_pct,
        neighbourhoods.note as neighbourhood_note,
        own.indicator_code,
        own.period_label,
        own.previous_period_label,
        own.area_code,
        own.area_level,
        own.value,
        own.previous_value,
        own.unit,
        own.definition_status,
        own.is_suppressed,
        own.previous_is_suppressed,
        own.comparable,
        own.note,
        own.is_synthetic or coalesce(borough.is_synthetic, false) as is_synthetic,
        change.p_value as change_p_value,
        differences.p_value as difference_p_value,
        borough.value as plan_area_value,
        borough.previous_value as plan_area_previous_value,
        -- What the plan area's own movement would have made of last year's count.
        own.previous_value * borough.value / nullif(borough.previous_value, 0) as expected_value
    from neighbourhoods
    inner join plans
        on neighbourhoods.plan_id = plans.plan_id
    inner join paired as own
        on
            neighbourhoods.plan_id = own.plan_id
            and neighbourhoods.area_code = own.area_code
            and own.is_neighbourhood
    left join paired as borough
        on
            own.plan_id = borough.plan_id
            and own.indicator_code = borough.indicator_code
            and own.period_label = borough.period_label
            and borough.is_plan_area
    left join changes as change
        on
            own.comparable
            and own.value = change.actual_count
            and own.previous_value = change.comparison_count
            and change.expected_share = 0.5
    left join differences
        on
            own.plan_id = differences.plan_id
            and own.indicator_code = differences.indicator_code
            and own.area_code = differences.area_code
            and own.period_label = differences.period_label
),

coloured as (
    select
        compared.*,
        catalogue.title,
        case
            when catalogue.polarity = 'neutral' or catalogue.polarity_contested then 'it is contested which way is good'
            when not compared.comparable then 'a series break parts the years'
            when compared.is_suppressed or compared.previous_is_suppressed then 'it is suppressed'
            when compared.expected_value is null then 'no figure of the plan area to compare with'
            when least(compared.value, compared.previous_value) < compared.minimum_count
                then 'fewer than ' || cast(compared.minimum_count as string) || ' in a year'
        end as grey_because,
        round(
            case catalogue.polarity when 'higher_is_better' then -1 else 1 end
            * (compared.value - compared.expected_value),
            9
        ) as worse_by
    from compared
    inner join catalogue
        on compared.indicator_code = catalogue.indicator_code
),

-- What the plan lists for neighbourhoods and nobody can measure there: the closest larger area, by its own name.
context as (
    select
        neighbourhoods.plan_id,
        neighbourhoods.area_code as neighbourhood_code,
        neighbourhoods.published_name as neighbourhood_name,
        latest.indicator_code,
        catalogue.title,
        latest.period_label,
        latest.area_code,
        latest.area_level,
        latest.value,
        latest.unit,
        latest.definition_status,
        latest.is_synthetic,
        latest.is_suppressed,
        latest.comparable,
        latest.note
    from neighbourhoods
    inner join links as listed
        on
            neighbourhoods.plan_id = listed.plan_id
            and neighbourhoods.priority_code = listed.priority_code
    inner join {{ ref("int_plans__latest") }} as latest
        on
            listed.plan_id = latest.plan_id
            and listed.indicator_code = latest.indicator_code
            and latest.preference = 1
    inner join catalogue
        on latest.indicator_code = catalogue.indicator_code
    left join coloured
        on
            neighbourhoods.plan_id = coloured.plan_id
            and neighbourhoods.area_code = coloured.neighbourhood_code
            and latest.indicator_code = coloured.indicator_code
    where coloured.indicator_code is null
)

select
    plan_id,
    neighbourhood_code,
    neighbourhood_name,
    indicator_code,
    title,
    period_label,
    previous_period_label as previous_period,
    area_code,
    area_level,
    false as is_context,
    value,
    previous_value,
    unit,
    case when previous_value > 0 then round(100 * (value / previous_value - 1), 6) end as change_pct,
    change_p_value,
    change_p_value < 0.05 as change_is_significant,
    plan_area_value,
    plan_area_previous_value,
    case
        when plan_area_previous_value > 0 then round(100 * (plan_area_value / plan_area_previous_value - 1), 6)
    end as plan_area_change_pct,
    case when plan_area_value > 0 then round(100 * value / plan_area_value, 6) end as share_of_plan_area_pct,
    difference_p_value,
    difference_p_value < 0.05 as moves_differently,
    case
        when grey_because is not null or worse_by is null then 'grey'
        when worse_by <= 0 then 'green'
        when round(worse_by - expected_value * tolerance_pct / 100, 9) <= 0 then 'amber'
        else 'red'
    end as rag,
    definition_status,
    is_synthetic,
    is_suppressed,
    comparable,
    nullif(concat_ws('; ', note, 'no colour: ' || grey_because, neighbourhood_note), '') as note
from coloured
union all
select
    plan_id,
    neighbourhood_code,
    neighbourhood_name,
    indicator_code,
    title,
    period_label,
    null,
    area_code,
    area_level,
    true,
    value,
    null,
    unit,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    'grey',
    definition_status,
    is_synthetic,
    is_suppressed,
    comparable,
    concat_ws('; ', note, 'no colour: not measured in the neighbourhood, this is the figure of a larger area')
from context
order by plan_id, neighbourhood_code, is_context, indicator_code, period_label
