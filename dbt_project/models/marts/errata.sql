with plan_errata as (

    select * from {{ ref("plan_errata") }}

),

plans as (

    select * from {{ ref("plans") }}

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
    plan_errata.represented_in
from plan_errata
inner join plans
    on plan_errata.plan_id = plans.plan_id
order by plan_errata.plan_id, plan_errata.kind, plan_errata.erratum_id
