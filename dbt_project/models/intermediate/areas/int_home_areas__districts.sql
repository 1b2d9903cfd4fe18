with districts as (select * from {{ ref("stg_reference__districts") }}),
counties as (select * from {{ ref("counties") }}),
home_area_districts as (select * from {{ ref("home_area_districts") }})

select
    force_code as home_area_code,
    district_code
from districts
where force_code is not null
union all
select
    district_code as home_area_code,
    district_code
from districts
union all
select
    county_code as home_area_code,
    district_code
from counties
union all
select
    home_area_code,
    district_code
from home_area_districts
