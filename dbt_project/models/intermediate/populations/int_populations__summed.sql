{{ config(materialized="table") }}

with lsoas as (select * from {{ ref("stg_reference__lsoas") }} where is_2011),
districts as (select * from {{ ref("stg_reference__districts") }}),

-- A district lies in several wholes: its force, county and partnership, and the home areas of several suppliers.
wholes as (
    {% for level in ["force", "csp"] %}
        select
            {{ level }}_code as area_code,
            '{{ level }}' as area_level,
            district_code
        from districts
        where {{ level }}_code is not null
        union
    {% endfor %}
    select
        county_code,
        'county',
        district_code
    from {{ ref("counties") }}
    union
    select
        home_area_districts.home_area_code,
        suppliers.home_area_level,
        home_area_districts.district_code
    from {{ ref("home_area_districts") }} as home_area_districts
    inner join {{ ref("int_suppliers__known") }} as suppliers
        on home_area_districts.home_area_code = suppliers.home_area_code
),

-- A real delivery is newer than the shipped reference, which is better than anything made up.
candidates as (
    select
        area_code,
        mid_year,
        'population' as kind,
        cast(population as double) as estimate,
        source,
        false as is_synthetic,
        2 as preference,
        0 as receipt_number
    from {{ ref("stg_reference__populations") }}
    union all
    select
        area_code,
        mid_year,
        kind,
        estimate,
        'ons/population, receipt ' || receipt_number || case when is_synthetic then ', synthetic' else '' end,
        is_synthetic,
        case when is_synthetic then 3 else 1 end,
        receipt_number
    from {{ ref("int_populations__delivered") }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by area_code, mid_year, kind
            order by preference asc, receipt_number desc
        ) as place
    from candidates
),

populations as (
    select * from ranked
    where place = 1
),

lsoa_estimate_years as (
    select distinct
        mid_year,
        kind
    from populations
    where area_code in (select lsoas.lsoa_code from lsoas)
),

lsoa_estimates as (
    select
        lsoas.ward_code,
        lsoas.district_code,
        estimate_years.mid_year,
        estimate_years.kind,
        populations.estimate,
        populations.source,
        populations.is_synthetic
    from lsoas
    cross join lsoa_estimate_years as estimate_years
    left join populations
        on
            lsoas.lsoa_code = populations.area_code
            and estimate_years.mid_year = populations.mid_year
            and estimate_years.kind = populations.kind
),

-- A sum is an estimate only when every part of the area has one.
ward_estimates as (
    select
        ward_code as area_code,
        mid_year,
        kind,
        sum(estimate) as estimate,
        min(source) || ', sum of LSOAs' as source,
        bool_or(is_synthetic) as is_synthetic
    from lsoa_estimates
    where ward_code is not null
    group by ward_code, mid_year, kind
    having count(*) = count(estimate)
),

summed_district_estimates as (
    select
        district_code as area_code,
        mid_year,
        kind,
        sum(estimate) as estimate,
        min(source) || ', sum of LSOAs' as source,
        bool_or(is_synthetic) as is_synthetic
    from lsoa_estimates
    group by district_code, mid_year, kind
    having count(*) = count(estimate)
),

district_estimates as (
    select
        area_code,
        mid_year,
        kind,
        estimate,
        source,
        is_synthetic
    from populations
    where area_code in (select districts.district_code from districts)
    union all
    select summed.*
    from summed_district_estimates as summed
    left join populations
        on
            summed.area_code = populations.area_code
            and summed.mid_year = populations.mid_year
            and summed.kind = populations.kind
    where populations.area_code is null
),

estimate_years as (
    select distinct
        mid_year,
        kind
    from district_estimates
),

whole_estimates as (
    select
        wholes.area_code,
        estimate_years.mid_year,
        estimate_years.kind,
        sum(district_estimates.estimate) as estimate,
        min(district_estimates.source) || ', sum of districts' as source,
        bool_or(district_estimates.is_synthetic) as is_synthetic,
        wholes.area_level
    from wholes
    cross join estimate_years
    left join district_estimates
        on
            wholes.district_code = district_estimates.area_code
            and estimate_years.mid_year = district_estimates.mid_year
            and estimate_years.kind = district_estimates.kind
    group by wholes.area_code, wholes.area_level, estimate_years.mid_year, estimate_years.kind
    having count(*) = count(district_estimates.estimate)
),

summed as (
    select
        *,
        'district' as area_level
    from district_estimates
    union all
    select
        *,
        'ward' as area_level
    from ward_estimates
    union all
    select * from whole_estimates
)

select
    area_code,
    area_level,
    mid_year,
    kind,
    cast(estimate as bigint) as population,
    source,
    is_synthetic
from summed
