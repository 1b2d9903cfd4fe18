{{ config(materialized="table") }}

with populations as (

    select * from {{ ref("stg_reference__populations") }}

),

lsoas as (

    select * from {{ ref("stg_reference__lsoas") }}
    where is_2011

),

districts as (

    select * from {{ ref("stg_reference__districts") }}

),

lsoa_estimate_years as (

    select distinct mid_year from populations
    where area_level = 'lsoa'

),

lsoa_estimates as (

    select
        lsoas.ward_code,
        lsoas.district_code,
        estimate_years.mid_year,
        populations.population,
        populations.source
    from lsoas
    cross join lsoa_estimate_years as estimate_years
    left join populations
        on
            lsoas.lsoa_code = populations.area_code
            and estimate_years.mid_year = populations.mid_year

),

-- A sum is an estimate only when every part of the area has one.
ward_estimates as (

    select
        ward_code as area_code,
        'ward' as area_level,
        mid_year,
        sum(population) as population,
        min(source) || ', sum of LSOAs' as source
    from lsoa_estimates
    group by ward_code, mid_year
    having count(*) = count(population)

),

summed_district_estimates as (

    select
        district_code as area_code,
        'district' as area_level,
        mid_year,
        sum(population) as population,
        min(source) || ', sum of LSOAs' as source
    from lsoa_estimates
    group by district_code, mid_year
    having count(*) = count(population)

),

district_estimates as (

    select
        area_code,
        area_level,
        mid_year,
        population,
        source
    from populations
    where area_level = 'district'
    union all
    select * from summed_district_estimates
    where
        not exists (
            select 1
            from populations
            where
                populations.area_code = summed_district_estimates.area_code
                and populations.mid_year = summed_district_estimates.mid_year
        )

),

district_estimate_years as (

    select distinct mid_year from district_estimates

),

force_estimates as (

    select
        districts.force_code as area_code,
        'force' as area_level,
        estimate_years.mid_year,
        sum(district_estimates.population) as population,
        min(district_estimates.source) || ', sum of districts' as source
    from districts
    cross join district_estimate_years as estimate_years
    left join district_estimates
        on
            districts.district_code = district_estimates.area_code
            and estimate_years.mid_year = district_estimates.mid_year
    where districts.force_code is not null
    group by districts.force_code, estimate_years.mid_year
    having count(*) = count(district_estimates.population)

),

summed as (

    select * from district_estimates
    union all
    select * from ward_estimates
    union all
    select * from force_estimates

)

select
    area_code,
    area_level,
    mid_year,
    cast(population as bigint) as population,
    source
from summed
