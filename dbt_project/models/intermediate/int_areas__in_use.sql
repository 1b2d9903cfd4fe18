{{ config(materialized="table") }}

with months_delivered as (

    select * from {{ ref("int_months__delivered") }}

),

measures_by_delivery as (

    select * from {{ ref("int_measures__by_delivery") }}

),

lsoas as (

    select * from {{ ref("stg_reference__lsoas") }}

),

wards as (

    select * from {{ ref("stg_reference__wards") }}

),

districts as (

    select * from {{ ref("stg_reference__districts") }}

),

police_forces as (

    select * from {{ ref("police_forces") }}

),

delivering_forces as (

    select distinct force_code from months_delivered

),

delivered_vintages as (

    select distinct
        force_code,
        lsoa_vintage
    from months_delivered

),

touched as (

    select distinct area_code from measures_by_delivery

),

lsoas_with_force as (

    select
        lsoas.*,
        districts.force_code
    from lsoas
    inner join districts
        on lsoas.district_code = districts.district_code

),

lsoas_in_use as (

    select * from lsoas_with_force
    where
        exists (
            select 1
            from delivered_vintages
            where
                delivered_vintages.force_code = lsoas_with_force.force_code
                and (
                    (delivered_vintages.lsoa_vintage = 2011 and lsoas_with_force.is_2011)
                    or (delivered_vintages.lsoa_vintage = 2021 and lsoas_with_force.is_2021)
                )
        )
        or lsoa_code in (select area_code from touched)

),

-- A ward or district is in use with any of its LSOAs; those of a delivering force are so whatever the vintage.
wards_in_use as (

    select
        lsoas_in_use.ward_code,
        min(lsoas_in_use.district_code) as district_code,
        min(lsoas_in_use.force_code) as force_code
    from lsoas_in_use
    where lsoas_in_use.ward_code is not null
    group by lsoas_in_use.ward_code

),

districts_in_use as (

    select * from districts
    where district_code in (select lsoas_in_use.district_code from lsoas_in_use)

),

forces_in_use as (

    select
        force_code,
        force_name
    from police_forces
    where
        force_code in (select districts_in_use.force_code from districts_in_use)
        or force_code in (select delivering_forces.force_code from delivering_forces)

),

no_geography as (

    {% for level in ["district", "ward", "lsoa"] %}
        select
            {{ no_geography_code("delivering_forces.force_code", level) }} as area_code,
            police_forces.force_name || ': no {{ "LSOA" if level == "lsoa" else level }} known' as area_name,
            '{{ level }}' as area_level,
            delivering_forces.force_code
        from delivering_forces
        inner join police_forces
            on delivering_forces.force_code = police_forces.force_code
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

),

areas as (

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
        area_code,
        area_name,
        area_level,
        force_code as parent_code,
        force_code as home_force_code,
        'none',
        'Rows without a known area of this level'
    from no_geography

)

select * from areas
