with neighbourhoods as (select * from {{ ref("plan_neighbourhoods") }}),
catalogue as (select * from {{ ref("indicator_catalogue") }}),
paired as (select * from {{ ref("int_neighbourhoods__paired") }}),
changes as (select * from {{ ref("int_changes__tested") }}),
differences as (select * from {{ ref("int_neighbourhoods__tested") }}),
populations as (select * from {{ ref("int_populations__nearest") }} where kind = 'population'),

-- A place has a population where it is made of wards alone, and each of them has one.
neighbourhood_populations as (
    select
        parts.area_code,
        populations.reference_year,
        sum(populations.population) as population,
        bool_or(populations.is_synthetic) as is_synthetic,
        min(populations.vintage_note) as vintage_note
    from (
        select
            *,
            count(*) over (partition by area_code) as part_count
        from {{ ref("local_area_parts") }}
    ) as parts
    inner join populations
        on
            parts.part_kind = 'ward'
            and parts.part_code = populations.area_code
    group by parts.area_code, parts.part_count, populations.reference_year
    having count(*) = parts.part_count
),

made_of as (
    select
        area_code,
        {{ listed("part_kind || ' ' || part_code") }} as parts
    from {{ ref("local_area_parts") }}
    group by area_code
),

-- The listed rate that a count is the count of.
named_rates as (
    select
        links.plan_id,
        links.priority_code,
        catalogue.numerator_measure,
        {{ listed("links.indicator_code") }} as indicator_codes
    from {{ ref("plan_indicator_links") }} as links
    inner join catalogue
        on links.indicator_code = catalogue.indicator_code
    where catalogue.numerator_measure is not null
    group by links.plan_id, links.priority_code, catalogue.numerator_measure
),

-- What is measured there, beside the same periods of the plan's area.
compared as (
    select
        neighbourhoods.plan_id,
        neighbourhoods.area_code as neighbourhood_code,
        neighbourhoods.published_name as neighbourhood_name,
        neighbourhoods.minimum_count,
        neighbourhoods.tolerance_pct,
        neighbourhoods.note as neighbourhood_note,
        own.*,
        catalogue.title,
        catalogue.polarity,
        catalogue.polarity_contested,
        catalogue.numerator_measure,
        named_rates.indicator_codes as stands_for,
        borough.is_synthetic as plan_area_is_synthetic,
        change.p_value as change_p_value,
        differences.p_value as difference_p_value,
        borough.value as plan_area_value,
        borough.previous_value as plan_area_previous_value,
        cast(populations_here.population as bigint) as population,
        populations_here.vintage_note,
        coalesce(populations_here.is_synthetic, false) as population_is_synthetic,
        populations_around.population as plan_area_population,
        -- What the plan area's own movement would have made of last year's count.
        own.previous_value * borough.value / nullif(borough.previous_value, 0) as expected_value
    from neighbourhoods
    inner join paired as own
        on
            neighbourhoods.plan_id = own.plan_id
            and neighbourhoods.area_code = own.area_code
            and not own.is_plan_area
    inner join catalogue
        on own.indicator_code = catalogue.indicator_code
    left join named_rates
        on
            neighbourhoods.plan_id = named_rates.plan_id
            and neighbourhoods.priority_code = named_rates.priority_code
            and catalogue.numerator_measure = named_rates.numerator_measure
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
    left join neighbourhood_populations as populations_here
        on
            neighbourhoods.area_code = populations_here.area_code
            and year({{ financial_year_start("own.period_end") }}) = populations_here.reference_year
    left join populations as populations_around
        on
            borough.area_code = populations_around.area_code
            and year({{ financial_year_start("own.period_end") }}) = populations_around.reference_year
),

coloured as (
    select
        compared.*,
        case
            when polarity = 'neutral' or polarity_contested then 'it is contested which way is good'
            when not comparable then 'a series break parts the years'
            when is_suppressed or previous_is_suppressed then 'it is suppressed'
            when expected_value is null then 'no figure of the plan area to compare with'
            when least(value, previous_value) < minimum_count
                then 'fewer than ' || cast(minimum_count as string) || ' in a year'
        end as grey_because,
        case
            when not comparable then 'a series break parts the two periods: ' || break_titles
            when is_suppressed or previous_is_suppressed then 'it is suppressed'
            when previous_value is null then 'no figure a year before'
            when plan_area_value is null or plan_area_previous_value is null then 'no figure of the plan area'
            else 'its counts are no part of those of the plan area'
        end as untested_because,
        round(case polarity when 'higher_is_better' then -1 else 1 end * (value - expected_value), 9) as worse_by
    from compared
),

figures as (
    select
        plan_id,
        neighbourhood_code,
        neighbourhood_name,
        neighbourhood_note,
        indicator_code,
        title,
        stands_for,
        period_type,
        period_end,
        period_label,
        previous_period_label as previous_period,
        area_code,
        area_level,
        false as is_context,
        value,
        previous_value,
        case when value is not null then round(expected_value, 6) end as expected_value,
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
        case when value is not null then population end as population,
        round(1000 * value / population, 6) as rate_per_1000,
        case
            when value is not null and population is not null then round(1000 * plan_area_value / plan_area_population, 6)
        end as plan_area_rate_per_1000,
        difference_p_value,
        difference_p_value < 0.05 as moves_differently,
        case
            when difference_p_value is null then 'not tested: ' || untested_because
            else 'exact conditional test (Fisher''s): this place and the rest of the plan area by the two periods, two-sided'
        end as difference_test,
        case
            when grey_because is not null or worse_by is null then 'grey'
            when worse_by <= 0 then 'green'
            when round(worse_by - expected_value * tolerance_pct / 100, 9) <= 0 then 'amber'
            else 'red'
        end as rag,
        status,
        definition_status,
        is_synthetic or coalesce(plan_area_is_synthetic, false) or population_is_synthetic as is_synthetic,
        is_suppressed,
        previous_is_suppressed,
        comparable,
        nullif(concat_ws('; ', note, 'no colour: ' || grey_because, case when value is not null then vintage_note end), '') as note
    from coloured
    union all by name
    select
        *,
        true as is_context,
        false as previous_is_suppressed,
        'not tested: not measured in the neighbourhood' as difference_test,
        'grey' as rag
    from {{ ref("int_neighbourhoods__context") }}
)

select
    figures.plan_id,
    figures.neighbourhood_code,
    figures.neighbourhood_name,
    made_of.parts as made_of,
    figures.* exclude (plan_id, neighbourhood_code, neighbourhood_name)
from figures
left join made_of
    on figures.neighbourhood_code = made_of.area_code
order by figures.plan_id, figures.neighbourhood_code, figures.is_context, figures.indicator_code, figures.period_label
