with age_groups as (select * from {{ ref("measure_age_groups") }}),
standard_populations as (select * from {{ ref("standard_populations") }})

select
    age_groups.measure_code,
    age_groups.age_group,
    age_groups.part_measure_code,
    age_groups.standard_population,
    standard_populations.weight
from age_groups
inner join standard_populations
    on
        age_groups.standard_population = standard_populations.standard_population
        and age_groups.age_group = standard_populations.age_group
