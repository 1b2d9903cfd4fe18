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

-- A partnership of one district is the same place under another code.
places as (
    select
        csp_code,
        min(district_code) as district_code
    from districts
    group by csp_code
    having count(*) = 1
),

within_forces as (
    select
        counties.county_code as area_code,
        counties.county_name as area_name,
        'county' as area_level,
        cast(null as string) as county_code,
        min(districts.force_code) as force_code,
        '2021' as vintage,
        'ONS counties' as source
    from counties
    inner join districts
        on counties.district_code = districts.district_code
    group by counties.county_code, counties.county_name
    union all by name
    select
        districts.district_code as area_code,
        districts.district_name as area_name,
        'district' as area_level,
        counties.county_code,
        districts.force_code,
        '2021' as vintage,
        'ONS local authority districts' as source
    from districts
    left join counties
        on districts.district_code = counties.district_code
    union all by name
    select
        successor_code as area_code,
        successor_name as area_name,
        'district' as area_level,
        min(force_code) as force_code,
        cast(year(changed_on) as string) as vintage,
        'ONS local authority districts, sum of those that it replaced' as source
    from {{ ref("int_districts__merged") }}
    group by successor_code, successor_name, changed_on
    union all by name
    select
        csps.csp_code as area_code,
        csps.csp_name as area_name,
        'csp' as area_level,
        counties.county_code,
        places.district_code as place_code,
        csps.force_code,
        '2024' as vintage,
        'ONS community safety partnerships' as source
    from csps
    left join places
        on csps.csp_code = places.csp_code
    left join counties
        on places.district_code = counties.district_code
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

select
    *,
    area_code as place_code
from forces
union all by name
select
    area_code,
    coalesce(place_code, area_code) as place_code,
    area_name,
    area_level,
    coalesce(county_code, force_code) as parent_code,
    force_code as home_force_code,
    vintage,
    source
from within_forces
union all by name
select
    within_districts.area_code,
    within_districts.area_code as place_code,
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
