with plan_targets as (select * from {{ ref("plan_targets") }}),
plans as (select * from {{ ref("plans") }}),
catalogue as (select * from {{ ref("indicator_catalogue") }}),
areas_in_use as (select * from {{ ref("int_areas__in_use") }}),
-- Where nothing was delivered of an area it is not in use; the target is there all the same.
known_areas as (select * from {{ ref("int_areas__known") }}),
rag_schemes as (select * from {{ ref("rag_schemes") }}),

stated_under as (
    select
        target_id,
        {{ listed("priority_code") }} as priority_codes
    from {{ ref("target_priorities") }}
    group by target_id
)

select
    plan_targets.target_id,
    plan_targets.plan_id,
    plans.title as plan_title,
    plans.status as plan_status,
    plan_targets.priority_code,
    stated_under.priority_codes,
    plan_targets.lead_agency,
    plan_targets.indicator_code,
    catalogue.title as indicator_title,
    coalesce(catalogue.main_indicator_code, plan_targets.indicator_code) as main_indicator_code,
    plan_targets.area_code,
    coalesce(areas_in_use.area_name, known_areas.area_name) as area_name,
    coalesce(areas_in_use.area_level, known_areas.area_level) as area_level,
    plan_targets.basis,
    plan_targets.baseline_period,
    plan_targets.target_period,
    plan_targets.target_change_pct,
    plan_targets.target_change_points,
    plan_targets.target_absolute,
    plan_targets.target_type,
    plan_targets.target_status,
    plan_targets.profile,
    plan_targets.rag_scheme,
    rag_schemes.basis as rag_basis,
    rag_schemes.tolerance,
    plan_targets.label,
    plan_targets.plan_line,
    plan_targets.published_text,
    plan_targets.remark,
    plan_targets.source
from plan_targets
inner join plans
    on plan_targets.plan_id = plans.plan_id
inner join rag_schemes
    on plan_targets.rag_scheme = rag_schemes.rag_scheme
left join catalogue
    on plan_targets.indicator_code = catalogue.indicator_code
left join areas_in_use
    on plan_targets.area_code = areas_in_use.area_code
left join known_areas
    on plan_targets.area_code = known_areas.area_code
left join stated_under
    on plan_targets.target_id = stated_under.target_id
order by plan_targets.target_id
