{#
Seven layouts: totals by sex and age, nomis counts by sex and age (ages from 101 for 0), a column a year of age with a total, of both
sexes, of each, or as intake turns published tables into one, and households. A total says so; the others are parts of a whole, to be
added up where no total was sent. Sexes of columns begin with F, M, or something else for both.
#}
with source as (select * from {{ source("raw", "ons__population") }}),

by_sex_and_age as (
    select
        file_sha256,
        row_number,
        area_code,
        'population' as kind,
        lower(sex) = 'all' and lower(age) = 'all' as is_total,
        lower(sex) <> 'all' and lower(age) <> 'all' as is_part,
        population as estimate,
        series_to
    from source
    where sex is not null
),

by_nomis_code as (
    select
        file_sha256,
        row_number,
        area_code,
        'population' as kind,
        gender_code = 0 and age_code = 200 as is_total,
        gender_code <> 0 and age_code < 200 as is_part,
        population as estimate,
        series_to
    from source
    where gender_code is not null
),

whole_areas as (
    select
        file_sha256,
        row_number,
        area_code,
        'population' as kind,
        true as is_total,
        false as is_part,
        total_population as estimate,
        series_to
    from source
    where total_population is not null
    union all
    select
        file_sha256,
        row_number,
        area_code,
        'households' as kind,
        true as is_total,
        false as is_part,
        households as estimate,
        series_to
    from source
    where households is not null
),

by_sex as (
    select
        file_sha256,
        row_number,
        area_code,
        'population' as kind,
        upper(left(sexes, 1)) not in ('F', 'M') as is_total,
        upper(left(sexes, 1)) in ('F', 'M') as is_part,
        all_ages as estimate,
        series_to
    from source
    where all_ages is not null
),

estimates as (
    select * from by_sex_and_age
    union all
    select * from by_sex
    union all
    select * from by_nomis_code
    union all
    select * from whole_areas
)

select
    'ons/population' as feed,
    file_sha256,
    row_number,
    area_code,
    kind,
    is_total,
    is_part,
    cast(estimate as double) as estimate,
    series_to
from estimates
