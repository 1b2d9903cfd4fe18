{{ config(materialized="table") }}

{#
Direct standardisation: the rate of each age group, weighted by the standard population. Limits by Dobson, Kuulasmaa, Eberle and
Scherer (1991) on Byar's limits of the count, which are coarse below ten. A sum of fractions is taken as a count, as public health
practice does.
#}
with measures_by_period as (select * from {{ ref("int_measures__by_period") }}),
covered as (select * from {{ ref("int_areas__covered") }} where has_closer_home is not true),
periods as (select * from {{ ref("int_periods__judged") }}),
populations as (select * from {{ ref("int_populations__nearest") }}),

parts as (
    select
        measure_age_groups.measure_code,
        measure_age_groups.part_measure_code,
        measure_age_groups.age_group,
        measure_age_groups.standard_population,
        cast(standards.weight as double) / sum(standards.weight) over (partition by measure_age_groups.measure_code) as weight
    from {{ ref("measure_age_groups") }} as measure_age_groups
    inner join {{ ref("standard_populations") }} as standards
        on
            measure_age_groups.standard_population = standards.standard_population
            and measure_age_groups.age_group = standards.age_group
),

-- Where no zeros are written out, a period that the supplier tells has its figure too.
counted as (
    select
        measure_code,
        area_code,
        feed,
        period_type,
        period_label
    from measures_by_period
    where measure_code in (select parts.measure_code from parts)
    union
    select
        told.measure_code,
        covered.area_code,
        told.feed,
        told.period_type,
        told.period_label
    from {{ ref("int_periods__told") }} as told
    inner join covered
        on
            told.feed = covered.feed
            and told.home_area_code = covered.home_area_code
    inner join {{ ref("area_levels") }} as area_levels
        on
            covered.area_level = area_levels.area_level
            and not area_levels.keeps_zeros
    where told.measure_code in (select parts.measure_code from parts)
),

totals as (
    select
        totals.measure_code,
        totals.area_code,
        totals.feed,
        totals.period_type,
        totals.period_label,
        periods.reference_year
    from counted as totals
    inner join covered
        on
            totals.feed = covered.feed
            and totals.area_code = covered.area_code
    inner join periods
        on
            covered.feed = periods.feed
            and covered.home_area_code = periods.home_area_code
            and totals.period_type = periods.period_type
            and totals.period_label = periods.period_label
),

by_age_group as (
    select
        totals.*,
        parts.standard_population,
        parts.weight,
        coalesce(counts.value, 0) as value,
        coalesce(counts.is_synthetic, false) or coalesce(populations.is_synthetic, false) as is_synthetic,
        nullif(populations.population, 0) as population,
        populations.mid_year,
        populations.is_synthetic as population_is_synthetic
    from totals
    inner join parts
        on totals.measure_code = parts.measure_code
    left join measures_by_period as counts
        on
            parts.part_measure_code = counts.measure_code
            and totals.area_code = counts.area_code
            and totals.feed = counts.feed
            and totals.period_type = counts.period_type
            and totals.period_label = counts.period_label
    left join populations
        on
            totals.area_code = populations.area_code
            and totals.reference_year = populations.reference_year
            and populations.kind = 'population ' || parts.age_group
),

summed as (
    select
        measure_code,
        area_code,
        feed,
        period_type,
        period_label,
        reference_year,
        standard_population,
        sum(value) as total,
        -- Without the population of every age group there is no rate.
        case when count(*) = count(population) then sum(weight * value / population) end as rate,
        case when count(*) = count(population) then sum(power(weight / population, 2) * value) end as variance,
        max(weight / population) as largest_part,
        bool_or(is_synthetic) as is_synthetic,
        {{ listed("mid_year || case when population_is_synthetic then ' (synthetic)' else '' end") }} as mid_years,
        bool_or(mid_year <> reference_year) as is_of_another_year
    from by_age_group
    group by measure_code, area_code, feed, period_type, period_label, reference_year, standard_population
)

select
    measure_code,
    area_code,
    feed,
    period_type,
    period_label,
    round(rate, 12) as rate,
    case
        -- greatest() would make 0 of no rate.
        when total > 0 and rate is not null
            then round(greatest(rate + sqrt(variance / total) * ({{ byar_lower("total") }} - total), 0), 12)
        else round(rate, 12)
    end as lower,
    case
        when total > 0 then round(rate + sqrt(variance / total) * ({{ byar_upper("total") }} - total), 12)
        -- None counted: the exact upper limit of 0, all of it in the age group where it weighs most.
        else round(rate + 3.688879454 * largest_part, 12)
    end as upper,
    case when rate is not null then 'dobson' end as interval_method,
    largest_part as rate_of_one,
    is_synthetic,
    case
        when rate is null then 'no population by age for this area'
        else
            'standardised to the ' || standard_population || ' standard population; population by age mid-' || mid_years
            || case when is_of_another_year then '; no estimate for ' || reference_year else '' end
    end as population_note
from summed
