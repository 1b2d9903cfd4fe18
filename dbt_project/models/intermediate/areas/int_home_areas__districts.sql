with districts as (select * from {{ ref("stg_reference__districts") }}),
counties as (select * from {{ ref("counties") }}),
home_area_districts as (select * from {{ ref("home_area_districts") }}),
nations as (select distinct home_area_code from {{ ref("suppliers") }} where home_area_level = 'nation'),

all_districts as (
    select district_code from districts
    union
    select successor_code from {{ ref("int_districts__merged") }}
)

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
union all
select distinct
    force_code as home_area_code,
    successor_code as district_code
from {{ ref("int_districts__merged") }}
union all
select distinct
    successor_code as home_area_code,
    successor_code as district_code
from {{ ref("int_districts__merged") }}
union all
select
    successor_code as home_area_code,
    district_code
from {{ ref("int_districts__merged") }}
union all
select
    nations.home_area_code,
    all_districts.district_code
from nations
cross join all_districts
