with plans as (select * from {{ ref("plans") }}),
areas as (select * from {{ ref("int_areas__in_use") }}),

-- Which districts an area is made of.
parts as (
    select
        home_area_code as area_code,
        district_code
    from {{ ref("int_home_areas__districts") }}
    union
    select
        county_code as area_code,
        district_code
    from {{ ref("counties") }}
    union
    select
        csp_code as area_code,
        district_code
    from {{ ref("stg_reference__districts") }}
    where csp_code is not null
),

sizes as (
    select
        area_code,
        count(*) as district_count
    from parts
    group by area_code
),

-- An area that holds every district of the plan's is the plan's own when it has no more of them, and else its context.
enclosing as (
    select
        plans.plan_id,
        parts.area_code,
        count(*) as shared_count
    from plans
    inner join parts as own_parts
        on plans.area_code = own_parts.area_code
    inner join parts
        on own_parts.district_code = parts.district_code
    group by plans.plan_id, parts.area_code
)

select
    plans.plan_id,
    areas.area_code,
    areas.area_name,
    areas.area_level,
    sizes.district_count,
    sizes.district_count > own_sizes.district_count as is_context,
    areas.area_code = plans.area_code as is_plan_area,
    row_number() over (
        partition by plans.plan_id
        order by areas.area_code <> plans.area_code, sizes.district_count, areas.area_code
    ) as closeness
from enclosing
inner join plans
    on enclosing.plan_id = plans.plan_id
inner join sizes as own_sizes
    on plans.area_code = own_sizes.area_code
inner join sizes
    on enclosing.area_code = sizes.area_code
inner join areas
    on enclosing.area_code = areas.area_code
where enclosing.shared_count = own_sizes.district_count
