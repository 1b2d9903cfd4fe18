{{ config(materialized="table") }}

{#
Whose deliveries make an area's figures complete: an area is covered when all of it lies in the home area of a supplier. A county
is not covered by an extract of one of its districts, and so never gets that extract's count as its own.
#}
with feed_area_levels as (select * from {{ ref("feed_area_levels") }}),
home_districts as (select * from {{ ref("int_home_areas__districts") }}),
lsoas as (select * from {{ ref("stg_reference__lsoas") }}),

delivering as (
    select distinct
        feed,
        home_area_code,
        home_area_level
    from {{ ref("int_months__delivered") }}
),

covered_districts as (
    select
        delivering.feed,
        delivering.home_area_code,
        home_districts.district_code
    from delivering
    inner join home_districts
        on delivering.home_area_code = home_districts.home_area_code
),

delivered_vintages as (
    select distinct
        feed,
        home_area_code,
        lsoa_vintage
    from {{ ref("int_months__delivered") }}
),

parts as (
    select
        'district' as area_level,
        district_code as area_code,
        district_code
    from {{ ref("stg_reference__districts") }}
    union all
    select distinct
        'district' as area_level,
        successor_code as area_code,
        successor_code as district_code
    from {{ ref("int_districts__merged") }}
    union all
    select distinct
        'ward',
        ward_code,
        district_code
    from lsoas
    where ward_code is not null
    union all
    select
        'beat',
        beat_code,
        district_code
    from {{ ref("beats") }}
    union all
    select
        area_level,
        area_code,
        district_code
    from {{ ref("local_areas") }}
),

covered_counties as (
    select
        covered_districts.feed,
        covered_districts.home_area_code,
        'county' as area_level,
        counties.county_code as area_code
    from covered_districts
    inner join {{ ref("counties") }} as counties
        on covered_districts.district_code = counties.district_code
    group by covered_districts.feed, covered_districts.home_area_code, counties.county_code
    having
        count(*) = (
            select count(*)
            from {{ ref("counties") }} as whole
            where whole.county_code = counties.county_code
        )
),

covered_lsoas as (
    select distinct
        covered_districts.feed,
        covered_districts.home_area_code,
        'lsoa' as area_level,
        lsoas.lsoa_code as area_code
    from covered_districts
    inner join lsoas
        on covered_districts.district_code = lsoas.district_code
    inner join delivered_vintages
        on
            covered_districts.feed = delivered_vintages.feed
            and covered_districts.home_area_code = delivered_vintages.home_area_code
            and case delivered_vintages.lsoa_vintage when 2011 then lsoas.is_2011 else lsoas.is_2021 end
),

-- A nation's table names the partnerships that there were; one that it does not name was not counted.
covered_csps as (
    select distinct
        delivering.feed,
        delivering.home_area_code,
        'csp' as area_level,
        located.csp_code as area_code
    from {{ ref("int_rows__located") }} as located
    inner join delivering
        on
            located.feed = delivering.feed
            and located.home_area_code = delivering.home_area_code
    inner join {{ ref("stg_reference__partnerships") }} as csps
        on located.csp_code = csps.csp_code
    where located.exclusion_reason is null
),

without_geography as (
    {% for level in ["district", "ward", "lsoa", "beat", "csp"] %}
        select
            delivering.feed,
            delivering.home_area_code,
            '{{ level }}' as area_level,
            {{ no_geography_code("delivering.home_area_code", level) }} as area_code
        from delivering
        where delivering.home_area_level <> '{{ level }}'
        {{ "union all" if not loop.last }}
    {% endfor %}
),

covered as (
    select
        feed,
        home_area_code,
        home_area_level as area_level,
        home_area_code as area_code
    from delivering
    where home_area_level <> 'district'
    union all
    select
        covered_districts.feed,
        covered_districts.home_area_code,
        parts.area_level,
        parts.area_code
    from covered_districts
    inner join parts
        on covered_districts.district_code = parts.district_code
    union all
    select * from covered_counties
    union all
    select * from covered_lsoas
    union all
    select * from covered_csps
    union all
    select * from without_geography
),

home_sizes as (
    select
        home_area_code,
        count(*) as district_count
    from home_districts
    group by home_area_code
),

-- A ward can reach into two districts by best fit.
placeable as (
    select distinct
        covered.feed,
        covered.home_area_code,
        covered.area_level,
        covered.area_code,
        coalesce(home_sizes.district_count, 0) as district_count
    from covered
    inner join feed_area_levels
        on
            covered.feed = feed_area_levels.source_feed
            and covered.area_level = feed_area_levels.area_level
    left join home_sizes
        on covered.home_area_code = home_sizes.home_area_code
)

select
    feed,
    home_area_code,
    area_level,
    area_code,
    row_number() over (
        partition by feed, area_code
        order by district_count, home_area_code
    ) > 1 as has_closer_home
from placeable
