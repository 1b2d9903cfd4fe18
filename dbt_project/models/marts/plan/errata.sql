with plan_errata as (select * from {{ ref("plan_errata") }}),
plans as (select * from {{ ref("plans") }}),
name_variants as (select * from {{ ref("plan_name_variants") }}),

standard_names as (
    select
        plan_errata.plan_id,
        plan_errata.erratum_id,
        {{ listed("name_variants.published_name || ' = ' || name_variants.standard_name") }} as standard_names
    from plan_errata
    inner join name_variants
        on
            plan_errata.plan_id = name_variants.plan_id
            and {{ list_holds("plan_errata.plan_lines", "name_variants.plan_line") }}
    where
        plan_errata.represented_in = 'plan_name_variants'
        and name_variants.published_name <> name_variants.standard_name
    group by plan_errata.plan_id, plan_errata.erratum_id
)

select
    plan_errata.plan_id,
    plans.title as plan_title,
    plan_errata.erratum_id,
    plan_errata.kind,
    plan_errata.plan_lines,
    plan_errata.published_text,
    plan_errata.problem,
    plan_errata.representation,
    plan_errata.represented_in,
    standard_names.standard_names
from plan_errata
inner join plans
    on plan_errata.plan_id = plans.plan_id
left join standard_names
    on
        plan_errata.plan_id = standard_names.plan_id
        and plan_errata.erratum_id = standard_names.erratum_id
order by plan_errata.plan_id, plan_errata.kind, plan_errata.erratum_id
