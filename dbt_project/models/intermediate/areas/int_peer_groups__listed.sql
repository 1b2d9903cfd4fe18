-- Similar areas are listed around the area of each plan.
with centres as (
    select distinct
        districts.district_code as area_code,
        districts.district_name as area_name
    from {{ ref("int_plans__areas") }} as plan_areas
    inner join {{ ref("stg_reference__districts") }} as districts
        on plan_areas.area_code = districts.district_code
    where not plan_areas.is_context
)

select
    peer_group_id,
    title,
    status,
    bound_standard_deviations,
    smallest_members,
    cast(null as date) as compares_from,
    cast(null as string) as sense,
    cast(null as string) as centre_code
from {{ ref("peer_groups") }}
union all
select
    'ONS-SIMILAR-' || upper(senses.sense) || '-' || centres.area_code,
    'ONS similar areas of ' || centres.area_name || ', ' || senses.title,
    senses.status,
    senses.bound_standard_deviations,
    senses.smallest_members,
    senses.compares_from,
    senses.sense,
    centres.area_code
from centres
cross join {{ ref("similar_area_senses") }} as senses
