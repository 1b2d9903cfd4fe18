with aims as (select * from {{ ref("plan_statements") }} where kind = 'aim'),
catalogue as (select * from {{ ref("indicator_catalogue") }}),
latest as (select * from {{ ref("int_plans__latest") }} where preference = 1),

links as (
    select
        plan_id,
        priority_code,
        aim_number,
        indicator_code,
        how_it_speaks,
        reasoning,
        confidence,
        decided_by
    from {{ ref("plan_aim_links") }}
    where indicator_code is not null
    union all
    -- What the project proposes for an aim measures it.
    select
        plan_id,
        priority_code,
        aim_number,
        indicator_code,
        'measures',
        interpretation_note,
        confidence,
        decided_by
    from {{ ref("plan_indicator_links") }}
    where aim_number is not null
),

by_neighbourhood as (
    select distinct
        plan_id,
        indicator_code
    from {{ ref("neighbourhood_scorecard") }}
    where not is_context
),

neighbourhood_priorities as (
    select distinct
        plan_id,
        priority_code
    from {{ ref("plan_neighbourhoods") }}
)

select
    links.plan_id,
    links.priority_code,
    aims.statement_number as aim_number,
    links.indicator_code,
    catalogue.title,
    links.how_it_speaks,
    links.reasoning,
    links.confidence,
    links.decided_by,
    latest.indicator_code is not null as has_figure,
    by_neighbourhood.indicator_code is not null as is_by_neighbourhood,
    latest.area_code,
    latest.area_name,
    latest.area_level,
    coalesce(latest.is_context, false) as is_context,
    latest.period_label,
    latest.value,
    latest.lower_95,
    latest.upper_95,
    catalogue.unit,
    latest.status,
    catalogue.definition_status,
    coalesce(latest.is_synthetic, false) as is_synthetic,
    coalesce(latest.is_suppressed, false) as is_suppressed,
    coalesce(latest.note, catalogue.availability_reason) as note
from links
inner join aims
    on
        links.plan_id = aims.plan_id
        and links.priority_code = aims.priority_code
        and links.aim_number = aims.statement_number
inner join catalogue
    on links.indicator_code = catalogue.indicator_code
left join latest
    on
        links.plan_id = latest.plan_id
        and links.indicator_code = latest.indicator_code
left join neighbourhood_priorities
    on
        links.plan_id = neighbourhood_priorities.plan_id
        and links.priority_code = neighbourhood_priorities.priority_code
left join by_neighbourhood
    on
        neighbourhood_priorities.plan_id = by_neighbourhood.plan_id
        and links.indicator_code = by_neighbourhood.indicator_code
order by links.plan_id, links.priority_code, aims.statement_number, links.how_it_speaks, links.indicator_code
