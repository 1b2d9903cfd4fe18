with districts as (
    select distinct home_districts.district_code
    from {{ ref("int_home_areas__districts") }} as home_districts
    inner join {{ ref("int_deliveries__ranked") }} as deliveries
        on home_districts.home_area_code = deliveries.home_area_code
    where deliveries.is_taken_in
),

needed_areas as (
    select district_code as area_code
    from districts
    union all
    select lsoas.lsoa_code
    from {{ ref("stg_reference__lsoas") }} as lsoas
    inner join districts
        on lsoas.district_code = districts.district_code
),

-- A file of small areas holds millions of ages: they are added up only where someone delivers.
by_sex as (
    select * from {{ ref("stg_ons__population_by_age") }}
    where area_code in (select needed_areas.area_code from needed_areas)
),

age_groups as (
    select
        age_group,
        from_age,
        -- Ninety and over is the last age that is sent.
        coalesce(to_age, 90) as to_age
    from {{ ref("age_groups") }}
),

-- Both sexes as sent, else added up when both were sent.
by_age as (
    select
        feed,
        file_sha256,
        area_code,
        age,
        coalesce(
            max(case when sex = 'all' then estimate end),
            case when count(case when sex <> 'all' then estimate end) = 2 then sum(case when sex <> 'all' then estimate end) end
        ) as estimate
    from by_sex
    group by feed, file_sha256, area_code, age
)

-- A sum is an estimate only when every age of the group has one.
select
    by_age.feed,
    by_age.file_sha256,
    by_age.area_code,
    'population ' || age_groups.age_group as kind,
    sum(by_age.estimate) as estimate
from by_age
inner join age_groups
    on by_age.age between age_groups.from_age and age_groups.to_age
group by by_age.feed, by_age.file_sha256, by_age.area_code, age_groups.age_group, age_groups.from_age, age_groups.to_age
having count(by_age.estimate) = age_groups.to_age - age_groups.from_age + 1
