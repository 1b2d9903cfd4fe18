{#
Single years of age in three layouts: sex and age in words, in nomis codes (ages from 101 for 0), and a column a year of age, for both
sexes together or for each. Ninety stands for ninety and over.
#}
{% set age_columns = [] %}
{% for age in range(90) %}{% do age_columns.append("age_" ~ age) %}{% endfor %}
{% do age_columns.append("age_90_and_over") %}

with source as (select * from {{ source("raw", "ons__population") }}),

by_word as (
    select
        file_sha256,
        row_number,
        area_code,
        lower(sex) as sex,
        cast(replace(age, '+', '') as integer) as age,
        population as estimate
    from source
    where sex is not null and lower(age) <> 'all'
),

by_nomis_code as (
    select
        file_sha256,
        row_number,
        area_code,
        case gender_code when 0 then 'all' when 1 then 'male' else 'female' end as sex,
        age_code - 101 as age,
        population as estimate
    from source
    where gender_code is not null
),

a_column_an_age as (
    select
        file_sha256,
        row_number,
        area_code,
        case upper(left(sexes, 1)) when 'F' then 'female' when 'M' then 'male' else 'all' end as sex,
        cast(regexp_extract(age_column, '[0-9]+', 0) as integer) as age,
        estimate
    from (
        select
            file_sha256,
            row_number,
            area_code,
            sexes,
            {{ age_columns | join(", ") }}
        from source
        where total_population is not null or all_ages is not null
    )
    unpivot (estimate for age_column in ({{ age_columns | join(", ") }}))
),

estimates as (
    select * from by_word
    union all
    select * from by_nomis_code
    union all
    select * from a_column_an_age
)

select
    'ons/population' as feed,
    file_sha256,
    row_number,
    area_code,
    sex,
    age,
    cast(estimate as double) as estimate
from estimates
