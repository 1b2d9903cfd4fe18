{{ config(materialized="table") }}

with known as (select * from {{ ref("int_areas__known") }}),
covered as (select * from {{ ref("int_areas__covered") }}),
homes as (select * from {{ ref("int_home_areas__named") }}),

named as (
    select area_code from covered
    union
    select area_code from {{ ref("int_measures__by_delivery") }}
),

-- An area is in use with any area that lies in it.
with_wards as (
    select area_code from named
    union
    select ward_code from known
    where area_code in (select named.area_code from named)
),

with_districts as (
    select area_code from with_wards
    union
    select district_code from known
    where area_code in (select with_wards.area_code from with_wards)
    union
    select place_code from known
    where area_code in (select with_wards.area_code from with_wards)
    union
    select area_code from known
    where area_level = 'district' and area_code in (select homes.home_area_code from homes)
),

with_counties_and_forces as (
    select area_code from with_districts
    union
    select home_force_code from known
    where area_code in (select with_districts.area_code from with_districts)
    union
    select parent_code from known
    where area_level in ('district', 'csp') and area_code in (select with_districts.area_code from with_districts)
    union
    select force_code from homes
),

without_geography as (
    select distinct
        area_code,
        area_level,
        home_area_code
    from covered
    where area_code = {{ no_geography_code("home_area_code", "") }} || area_level
)

select
    area_code,
    place_code,
    area_name,
    area_level,
    parent_code,
    home_force_code,
    vintage,
    source
from known
where area_code in (select with_counties_and_forces.area_code from with_counties_and_forces)
union all
select
    home_area_code,
    home_area_code as place_code,
    home_area_name,
    home_area_level,
    cast(null as string),
    force_code,
    'as supplied',
    'Home area of a supplier'
from homes
where home_area_level not in ('force', 'county', 'district')
union all
select
    without_geography.area_code,
    without_geography.area_code as place_code,
    homes.home_area_name || ': no '
    || case without_geography.area_level
        when 'lsoa' then 'LSOA'
        when 'csp' then 'partnership'
        else without_geography.area_level
    end
    || ' known',
    without_geography.area_level,
    without_geography.home_area_code,
    homes.force_code,
    'none',
    'Rows without a known area of this level'
from without_geography
inner join homes
    on without_geography.home_area_code = homes.home_area_code
