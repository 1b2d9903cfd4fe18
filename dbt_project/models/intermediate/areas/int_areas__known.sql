with police_forces as (select * from {{ ref("police_forces") }}),
counties as (select * from {{ ref("counties") }}),
districts as (select * from {{ ref("stg_reference__districts") }}),
csps as (select * from {{ ref("stg_reference__partnerships") }}),
wards as (select * from {{ ref("stg_reference__wards") }}),
beats as (select * from {{ ref("beats") }}),
local_areas as (select * from {{ ref("local_areas") }}),
lsoas as (select * from {{ ref("stg_reference__lsoas") }}),

forces as (
    select
        force_code as area_code,
        force_name as area_name,
        'force' as area_level,
        force_code as home_force_code,
        '2024' as vintage,
        'ONS police force areas' as source
    from police_forces
),

within_forces as (
    select
        counties.county_code as area_code,
        counties.county_name as area_name,
        'county' as area_level,
        min(districts.force_code) as force_code,
        '2021' as vintage,
        'ONS counties' as source
    from counties
    inner join districts
        on counties.district_code = districts.district_code
    group by counties.county_code, counties.county_name
    union all
    select
        district_code,
        district_name,
        'district',
        force_code,
        '2021',
        'ONS local authority districts'
    from districts
    union all
    select
        successor_code,
        successor_name,
        'district',
        min(force_code),
        cast(year(changed_on) as string),
        'ONS local authority districts, sum of those that it replaced'
    from {{ ref("int_districts__merged") }}
    group by successor_code, successor_name, changed_on
    union all
    select
        csp_code,
        csp_name,
        'csp',
        force_code,
        '2024',
        'ONS community safety partnerships'
    from csps
),

within_districts as (
    select
        lsoas.ward_code as area_code,
        wards.ward_name as area_name,
        'ward' as area_level,
        min(lsoas.district_code) as district_code,
        '2017' as vintage,
        'ONS wards, as best fit of LSOAs' as source
    from lsoas
    inner join wards
        on lsoas.ward_code = wards.ward_code
    group by lsoas.ward_code, wards.ward_name
    union all by name
    select
        beat_code as area_code,
        beat_name as area_name,
        'beat' as area_level,
        district_code,
        'as supplied' as vintage,
        source
    from beats
    union all by name
    select
        area_code,
        area_name,
        area_level,
        district_code,
        'as supplied' as vintage,
        source
    from local_areas
    union all by name
    select
        lsoa_code as area_code,
        lsoa_name as area_name,
        'lsoa' as area_level,
        ward_code,
        district_code,
        case
            when is_2011 and is_2021 then '2011 and 2021'
            when is_2011 then '2011'
            else '2021'
        end as vintage,
        'ONS lower layer super output areas' as source
    from lsoas
)

select * from forces
union all by name
select
    area_code,
    area_name,
    area_level,
    force_code as parent_code,
    force_code as home_force_code,
    vintage,
    source
from within_forces
union all by name
select
    within_districts.area_code,
    within_districts.area_name,
    within_districts.area_level,
    coalesce(within_districts.ward_code, within_districts.district_code) as parent_code,
    within_districts.ward_code,
    within_districts.district_code,
    districts.force_code as home_force_code,
    within_districts.vintage,
    within_districts.source
from within_districts
inner join districts
    on within_districts.district_code = districts.district_code
