-- What the plan lists for neighbourhoods and nobody can measure there: the closest larger area, by its own name.
with neighbourhoods as (select * from {{ ref("plan_neighbourhoods") }}),
catalogue as (select * from {{ ref("indicator_catalogue") }}),

listed as (
    select distinct
        links.plan_id,
        links.priority_code,
        links.indicator_code,
        catalogue.numerator_measure
    from {{ ref("plan_indicator_links") }} as links
    inner join catalogue
        on links.indicator_code = catalogue.indicator_code
),

-- What is measured there, beside the same periods of the plan's area.
measured as (
    select distinct
        paired.plan_id,
        paired.area_code as neighbourhood_code,
        paired.indicator_code,
        catalogue.numerator_measure
    from {{ ref("int_neighbourhoods__paired") }} as paired
    inner join catalogue
        on paired.indicator_code = catalogue.indicator_code
    where not paired.is_plan_area
),

counted as (
    select
        plan_id,
        neighbourhood_code,
        numerator_measure,
        {{ listed("indicator_code") }} as indicator_codes
    from measured
    group by plan_id, neighbourhood_code, numerator_measure
)

select
    neighbourhoods.plan_id,
    neighbourhoods.area_code as neighbourhood_code,
    neighbourhoods.published_name as neighbourhood_name,
    neighbourhoods.note as neighbourhood_note,
    latest.indicator_code,
    catalogue.title,
    latest.period_type,
    latest.period_end,
    latest.period_label,
    latest.area_code,
    latest.area_level,
    latest.value,
    latest.unit,
    latest.status,
    latest.definition_status,
    latest.is_synthetic,
    latest.is_suppressed,
    latest.comparable,
    concat_ws(
        '; ',
        latest.note,
        'no colour: not measured in the neighbourhood, this is the figure of a larger area',
        'what it counts is counted in the neighbourhood as ' || counted.indicator_codes
    ) as note
from neighbourhoods
inner join listed
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
left join counted
    on
        neighbourhoods.plan_id = counted.plan_id
        and neighbourhoods.area_code = counted.neighbourhood_code
        and listed.numerator_measure = counted.numerator_measure
where
    not exists (
        select 1
        from measured
        where
            neighbourhoods.plan_id = measured.plan_id
            and neighbourhoods.area_code = measured.neighbourhood_code
            and listed.indicator_code = measured.indicator_code
    )
