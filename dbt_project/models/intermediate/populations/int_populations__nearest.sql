{{ config(materialized="table") }}

with populations as (select * from {{ ref("int_populations__summed") }}),
areas as (select * from {{ ref("int_areas__in_use") }}),
plan_targets as (select * from {{ ref("plan_targets") }}),

reference_years as (
    select reference_year from {{ ref("int_periods__judged") }}
    union
    select cast(substr(baseline_period, 1, 4) as integer) from plan_targets
    union
    select cast(substr(target_period, 1, 4) as integer) from plan_targets
    union
    select cast(substr(target_period, 1, 4) as integer) - 1 from plan_targets
),

ranked as (
    select
        populations.area_code,
        reference_years.reference_year,
        populations.kind,
        populations.mid_year,
        populations.population,
        populations.is_synthetic,
        populations.series_to,
        row_number() over (
            partition by populations.area_code, populations.kind, reference_years.reference_year
            order by abs(populations.mid_year - reference_years.reference_year), populations.mid_year
        ) as distance_rank
    from populations
    inner join areas
        on populations.area_code = areas.area_code
    cross join reference_years
)

select
    area_code,
    reference_year,
    kind,
    mid_year,
    population,
    is_synthetic,
    kind || ' mid-' || mid_year
    || case when is_synthetic then ' (synthetic)' else '' end
    || case when series_to > mid_year then ' of the series to mid-' || series_to else '' end
    || case when mid_year = reference_year then '' else '; no estimate for ' || reference_year end as vintage_note
from ranked
where distance_rank = 1
