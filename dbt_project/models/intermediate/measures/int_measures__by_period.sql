{{ config(materialized="table") }}

with monthly_measures as (select * from {{ ref("int_measures__monthly") }}),
covered as (select * from {{ ref("int_areas__covered") }} where has_closer_home is not true),
period_months as (select * from {{ ref("int_periods__expanded") }}),
-- What may have been counted anew because an earlier delivery was corrected.
reconsidered as (select * from {{ ref("int_months__reconsidered") }}),

-- Only what an indicator publishes is summed.
wanted as (
    select distinct
        measures.measure_code,
        area_levels.area_level,
        area_levels.period_type
    from (
        select
            numerator_measure as measure_code,
            allowed_area_levels,
            frequency
        from {{ ref("indicator_catalogue") }}
        union all
        select
            denominator_measure,
            allowed_area_levels,
            frequency
        from {{ ref("indicator_catalogue") }}
        union all
        select
            age_groups.part_measure_code,
            catalogue.allowed_area_levels,
            catalogue.frequency
        from {{ ref("indicator_catalogue") }} as catalogue
        inner join {{ ref("measure_age_groups") }} as age_groups
            on catalogue.numerator_measure = age_groups.measure_code
    ) as measures
    inner join {{ ref("indicator_area_levels") }} as area_levels
        on {{ list_holds("measures.allowed_area_levels", "area_levels.area_level") }}
    inner join {{ ref("frequency_period_types") }} as frequencies
        on
            measures.frequency = frequencies.frequency
            and area_levels.period_type = frequencies.period_type
    where measures.measure_code is not null
),

restated as (
    select distinct
        feed,
        measure_code,
        area_code,
        month
    from {{ ref("int_measures__restated") }}
),

monthly as (
    select
        monthly_measures.measure_code,
        monthly_measures.area_code,
        monthly_measures.area_level,
        covered.home_area_code,
        monthly_measures.source_feed as feed,
        monthly_measures.month,
        monthly_measures.value,
        monthly_measures.row_count,
        monthly_measures.sum_of_squares,
        monthly_measures.is_synthetic,
        restated.month is not null or reconsidered.month is not null as is_revised
    from monthly_measures
    inner join covered
        on
            monthly_measures.source_feed = covered.feed
            and monthly_measures.area_code = covered.area_code
    left join restated
        on
            monthly_measures.source_feed = restated.feed
            and monthly_measures.measure_code = restated.measure_code
            and monthly_measures.area_code = restated.area_code
            and monthly_measures.month = restated.month
    left join reconsidered
        on
            monthly_measures.source_feed = reconsidered.feed
            and covered.home_area_code = reconsidered.home_area_code
            and monthly_measures.measure_code = reconsidered.measure_code
            and monthly_measures.month = reconsidered.month
    where monthly_measures.area_level in (select wanted.area_level from wanted)
)

select
    monthly.measure_code,
    monthly.area_code,
    period_months.feed,
    period_months.period_type,
    period_months.period_label,
    round(sum(monthly.value), 9) as value,
    cast(sum(monthly.row_count) as bigint) as row_count,
    round(sum(monthly.sum_of_squares), 6) as sum_of_squares,
    count(*) as parts_counted,
    bool_or(monthly.is_synthetic) as is_synthetic,
    bool_or(monthly.is_revised or period_months.is_changed_in_place) as is_revised
from period_months
inner join monthly
    on
        period_months.feed = monthly.feed
        and period_months.home_area_code = monthly.home_area_code
        and period_months.month = monthly.month
inner join wanted
    on
        monthly.measure_code = wanted.measure_code
        and monthly.area_level = wanted.area_level
        and period_months.period_type = wanted.period_type
where period_months.is_delivered
group by
    monthly.measure_code,
    monthly.area_code,
    period_months.feed,
    period_months.period_type,
    period_months.period_label
