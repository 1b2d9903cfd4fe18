{{ config(materialized="table") }}

with covered as (select * from {{ ref("int_areas__covered") }}),
wards as (select * from {{ ref("stg_reference__wards") }}),
districts as (select * from {{ ref("stg_reference__districts") }}),
police_forces as (select * from {{ ref("police_forces") }}),
suppliers as (select * from {{ ref("int_suppliers__known") }}),
csps as (select * from {{ ref("stg_reference__partnerships") }}),

lsoas as (
    select
        lsoas.*,
        districts.force_code
    from {{ ref("stg_reference__lsoas") }} as lsoas
    inner join {{ ref("stg_reference__districts") }} as districts
        on lsoas.district_code = districts.district_code
),

home_forces as (
    select
        home_districts.home_area_code,
        min(districts.force_code) as force_code
    from {{ ref("int_home_areas__districts") }} as home_districts
    inner join districts
        on home_districts.district_code = districts.district_code
    group by home_districts.home_area_code
),

counties as (
    select
        counties.county_code,
        counties.county_name,
        min(districts.force_code) as force_code
    from {{ ref("counties") }} as counties
    inner join districts
        on counties.district_code = districts.district_code
    group by counties.county_code, counties.county_name
),

delivering as (
    select distinct
        home_area_code,
        home_area_level
    from {{ ref("int_months__delivered") }}
),

named_homes as (
    select
        delivering.home_area_code,
        delivering.home_area_level,
        coalesce(
            min(police_forces.force_name), min(districts.district_name), min(suppliers.home_area_name)
        ) as home_area_name,
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
),

named as (
    select area_code from covered
    union
    select area_code from {{ ref("int_measures__by_delivery") }}
),

lsoas_in_use as (
    select * from lsoas
    where lsoa_code in (select named.area_code from named)
),

-- A ward or district is in use with any of its LSOAs.
wards_in_use as (
    select
        ward_code,
        min(district_code) as district_code,
        min(force_code) as force_code
    from lsoas
    where
        ward_code in (select named.area_code from named)
        or ward_code in (select lsoas_in_use.ward_code from lsoas_in_use)
    group by ward_code
),

beats_in_use as (
    select * from {{ ref("beats") }}
    where beat_code in (select named.area_code from named)
),

local_areas_in_use as (
    select * from {{ ref("local_areas") }}
    where area_code in (select named.area_code from named)
),

counties_in_use as (
    select * from counties
    where county_code in (select named.area_code from named)
),

csps_in_use as (
    select * from csps
    where csp_code in (select named.area_code from named)
),

districts_in_use as (
    select * from districts
    where
        district_code in (
            select named.area_code from named
            union
            select delivering.home_area_code from delivering
            union
            select lsoas_in_use.district_code from lsoas_in_use
            union
            select wards_in_use.district_code from wards_in_use
            union
            select beats_in_use.district_code from beats_in_use
            union
            select local_areas_in_use.district_code from local_areas_in_use
        )
),

forces_in_use as (
    select
        force_code,
        force_name
    from police_forces
    where
        force_code in (
            select named.area_code from named
            union
            select districts_in_use.force_code from districts_in_use
            union
            select counties_in_use.force_code from counties_in_use
            union
            select csps_in_use.force_code from csps_in_use
            union
            select named_homes.force_code from named_homes
        )
)

select
    force_code as area_code,
    force_name as area_name,
    'force' as area_level,
    cast(null as string) as parent_code,
    force_code as home_force_code,
    '2024' as vintage,
    'ONS police force areas' as source
from forces_in_use
union all
select
    home_area_code,
    home_area_name,
    home_area_level,
    cast(null as string),
    force_code,
    'as supplied',
    'Home area of a supplier'
from named_homes
where home_area_level not in ('force', 'county', 'district')
union all
select
    county_code,
    county_name,
    'county',
    force_code as parent_code,
    force_code as home_force_code,
    '2021',
    'ONS counties'
from counties_in_use
union all
select
    district_code,
    district_name,
    'district',
    force_code as parent_code,
    force_code as home_force_code,
    '2021',
    'ONS local authority districts'
from districts_in_use
union all
select
    csp_code,
    csp_name,
    'csp',
    force_code as parent_code,
    force_code as home_force_code,
    '2024',
    'ONS community safety partnerships'
from csps_in_use
union all
select
    wards_in_use.ward_code,
    wards.ward_name,
    'ward',
    wards_in_use.district_code,
    wards_in_use.force_code,
    '2017',
    'ONS wards, as best fit of LSOAs'
from wards_in_use
inner join wards
    on wards_in_use.ward_code = wards.ward_code
union all
select
    beats_in_use.beat_code,
    beats_in_use.beat_name,
    'beat',
    beats_in_use.district_code,
    districts.force_code,
    'as supplied',
    beats_in_use.source
from beats_in_use
inner join districts
    on beats_in_use.district_code = districts.district_code
union all
select
    local_areas_in_use.area_code,
    local_areas_in_use.area_name,
    local_areas_in_use.area_level,
    local_areas_in_use.district_code,
    districts.force_code,
    'as supplied',
    local_areas_in_use.source
from local_areas_in_use
inner join districts
    on local_areas_in_use.district_code = districts.district_code
union all
select
    lsoa_code,
    lsoa_name,
    'lsoa',
    coalesce(ward_code, district_code),
    force_code,
    case
        when is_2011 and is_2021 then '2011 and 2021'
        when is_2011 then '2011'
        else '2021'
    end,
    'ONS lower layer super output areas'
from lsoas_in_use
union all
select
    covered_without_geography.area_code,
    named_homes.home_area_name || ': no '
    || case covered_without_geography.area_level
        when 'lsoa' then 'LSOA' when 'csp' then 'partnership' else covered_without_geography.area_level
    end
    || ' known',
    covered_without_geography.area_level,
    covered_without_geography.home_area_code,
    named_homes.force_code,
    'none',
    'Rows without a known area of this level'
from (
    select distinct
        area_code,
        area_level,
        home_area_code
    from covered
    where area_code = {{ no_geography_code("home_area_code", "") }} || area_level
) as covered_without_geography
inner join named_homes
    on covered_without_geography.home_area_code = named_homes.home_area_code
