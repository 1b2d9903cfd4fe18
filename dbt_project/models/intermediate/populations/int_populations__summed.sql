{{ config(materialized="table") }}

-- Estimates come by the LSOAs of one census or the other, which differ where one was split or joined.
with lsoas as (
    {% for census in [2011, 2021] %}
        select
            *,
            {{ census }} as census
        from {{ ref("stg_reference__lsoas") }}
        where is_{{ census }}
        {{ "union all" if not loop.last }}
    {% endfor %}
),
districts as (select * from {{ ref("stg_reference__districts") }}),
merged as (select * from {{ ref("int_districts__merged") }}),

-- A district lies in several wholes: its force, county and partnership, and the home areas of several suppliers.
all_wholes as (
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

-- In the middle of a year a merged district is one of the force's districts, or the one that it went into is.
wholes as (
    select
        all_wholes.area_code,
        all_wholes.area_level,
        all_wholes.district_code,
        cast(null as integer) as first_year,
        case when all_wholes.area_level = 'force' then cast(year(merged.changed_on) as integer) - 1 end as last_year
    from all_wholes
    left join merged
        on all_wholes.district_code = merged.district_code
    union all
    select distinct
        force_code,
        'force',
        successor_code,
        cast(year(changed_on) as integer),
        cast(null as integer)
    from merged
),

-- A real delivery comes before the shipped reference, which comes before anything made up; then the later vintage counts.
candidates as (
    select
        area_code,
        mid_year,
        'population' as kind,
        cast(population as double) as estimate,
        source,
        false as is_synthetic,
        2 as preference,
        0 as receipt_number,
        mid_year as series_to
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
        receipt_number,
        series_to
    from {{ ref("int_populations__delivered") }}
),

populations as (
    select * from candidates
    qualify row_number() over (
        partition by area_code, mid_year, kind
        order by preference asc, series_to desc, receipt_number desc
    ) = 1
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
        lsoas.census,
        lsoas.ward_code,
        lsoas.district_code,
        estimate_years.mid_year,
        estimate_years.kind,
        populations.estimate,
        populations.source,
        populations.is_synthetic,
        populations.series_to
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
        bool_or(is_synthetic) as is_synthetic,
        max(series_to) as series_to
    from lsoa_estimates
    where ward_code is not null
    group by ward_code, mid_year, kind, census
    having count(*) = count(estimate)
    qualify row_number() over (partition by ward_code, mid_year, kind order by census) = 1
),

summed_district_estimates as (
    select
        district_code as area_code,
        mid_year,
        kind,
        sum(estimate) as estimate,
        min(source) || ', sum of LSOAs' as source,
        bool_or(is_synthetic) as is_synthetic,
        max(series_to) as series_to
    from lsoa_estimates
    group by district_code, mid_year, kind, census
    having count(*) = count(estimate)
    qualify row_number() over (partition by district_code, mid_year, kind order by census) = 1
),

part_estimates as (
    {{ published_or("summed_district_estimates", "select districts.district_code from districts") }}
),

part_years as (
    select distinct
        mid_year,
        kind
    from part_estimates
),

summed_merged_estimates as (
    select
        merged.successor_code as area_code,
        part_years.mid_year,
        part_years.kind,
        sum(part_estimates.estimate) as estimate,
        min(part_estimates.source) || ', sum of districts' as source,
        bool_or(part_estimates.is_synthetic) as is_synthetic,
        max(part_estimates.series_to) as series_to
    from merged
    cross join part_years
    left join part_estimates
        on
            merged.district_code = part_estimates.area_code
            and part_years.mid_year = part_estimates.mid_year
            and part_years.kind = part_estimates.kind
    group by merged.successor_code, part_years.mid_year, part_years.kind
    having count(*) = count(part_estimates.estimate)
),

district_estimates as (
    select * from part_estimates
    union all
    {{ published_or("summed_merged_estimates", "select merged.successor_code from merged") }}
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
        max(district_estimates.series_to) as series_to,
        wholes.area_level
    from wholes
    cross join estimate_years
    left join district_estimates
        on
            wholes.district_code = district_estimates.area_code
            and estimate_years.mid_year = district_estimates.mid_year
            and estimate_years.kind = district_estimates.kind
    where
        estimate_years.mid_year between coalesce(wholes.first_year, estimate_years.mid_year)
        and coalesce(wholes.last_year, estimate_years.mid_year)
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
    is_synthetic,
    cast(series_to as integer) as series_to
from summed
