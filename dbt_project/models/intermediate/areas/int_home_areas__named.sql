with police_forces as (select * from {{ ref("police_forces") }}),
districts as (select * from {{ ref("stg_reference__districts") }}),
suppliers as (select * from {{ ref("int_suppliers__known") }}),
home_districts as (select * from {{ ref("int_home_areas__districts") }}),

delivering as (
    select distinct
        home_area_code,
        home_area_level
    from {{ ref("int_months__delivered") }}
),

home_forces as (
    select
        home_districts.home_area_code,
        min(districts.force_code) as force_code
    from home_districts
    inner join districts
        on home_districts.district_code = districts.district_code
    group by home_districts.home_area_code
)

select
    delivering.home_area_code,
    delivering.home_area_level,
    coalesce(min(police_forces.force_name), min(districts.district_name), min(suppliers.home_area_name)) as home_area_name,
    min(home_forces.force_code) as force_code
from delivering
left join police_forces
    on delivering.home_area_code = police_forces.force_code
left join districts
    on delivering.home_area_code = districts.district_code
left join suppliers
    on delivering.home_area_code = suppliers.home_area_code
left join home_forces
    on delivering.home_area_code = home_forces.home_area_code
group by delivering.home_area_code, delivering.home_area_level
