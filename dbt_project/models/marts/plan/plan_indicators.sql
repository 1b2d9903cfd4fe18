with links as (select * from {{ ref("plan_indicator_links") }}),
priorities as (select * from {{ ref("plan_priorities") }}),
catalogue as (select * from {{ ref("indicator_catalogue") }}),
-- The figure of the closest area: the plan's own, or a larger one as context.
latest as (select * from {{ ref("int_plans__latest") }} where preference = 1),

errata as (
    select
        links.plan_id,
        links.priority_code,
        links.link_number,
        {{ listed("plan_errata.erratum_id") }} as erratum_ids
    from links
    inner join {{ ref("plan_errata") }} as plan_errata
        on
            links.plan_id = plan_errata.plan_id
            and {{ list_holds("plan_errata.plan_lines", "cast(links.plan_line as string)") }}
    group by links.plan_id, links.priority_code, links.link_number
)

select
    links.plan_id,
    links.priority_code,
    priorities.series,
    priorities.priority_number,
    links.link_number,
    links.plan_line,
    links.published_code,
    links.published_text,
    links.indicator_code,
    catalogue.title,
    links.link_type,
    links.aim_number,
    links.confidence,
    links.interpretation_note,
    links.decided_by,
    errata.erratum_ids,
    catalogue.polarity,
    catalogue.polarity_contested,
    latest.area_code,
    latest.area_level,
    latest.is_context,
    latest.period_label,
    latest.value,
    coalesce(catalogue.unit, latest.unit) as unit
from links
inner join priorities
    on
        links.plan_id = priorities.plan_id
        and links.priority_code = priorities.priority_code
left join catalogue
    on links.indicator_code = catalogue.indicator_code
left join latest
    on
        links.plan_id = latest.plan_id
        and links.indicator_code = latest.indicator_code
left join errata
    on
        links.plan_id = errata.plan_id
        and links.priority_code = errata.priority_code
        and links.link_number = errata.link_number
order by links.plan_id, priorities.series, priorities.priority_number, links.link_number
