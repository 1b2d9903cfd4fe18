{{ config(materialized="table") }}

with monthly_measures as (select * from {{ ref("int_measures__monthly") }}),
covered as (select * from {{ ref("int_areas__covered") }} where has_closer_home is not true),
period_months as (select * from {{ ref("int_periods__expanded") }}),
-- What may have been counted anew because an earlier delivery was corrected.
reconsidered as (select * from {{ ref("int_months__reconsidered") }}),
coverage as (select * from {{ ref("int_coverage__by_area") }} where not keeps_zeros),
told as (select * from {{ ref("int_periods__told") }}),
area_levels as (select * from {{ ref("area_levels") }}),

-- Only what an indicator publishes is summed.
wanted as (
    select distinct
        measures.measure_code,
        area_levels.area_level,
        area_levels.period_type,
        area_levels.latest_months
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
),

-- Where no zeros are written out, what a correction brought to nothing still makes its periods revised ones.
corrected as (
    select
        restated.measure_code,
        coverage.area_code,
        coverage.area_level,
        coverage.home_area_code,
        coverage.feed,
        restated.month,
        0 as value,
        0 as row_count,
        0 as sum_of_squares,
        coverage.is_synthetic,
        true as is_revised
    from restated
    inner join coverage
        on
            restated.feed = coverage.feed
            and restated.area_code = coverage.area_code
            and restated.month between coverage.first_month and coverage.last_month
            and {{ list_holds("coverage.measures_not_told", "restated.measure_code", ", ") }} is not true
),

parts as (
    select * from monthly
    union all
    select * from corrected
),

levels as (
    select distinct
        area_level,
        period_type,
        latest_months
    from wanted
),

-- First which periods a level has: a ward's month is in a few of the sixteen or so that it may be in.
months_of_levels as materialized (
    select
        period_months.feed,
        period_months.home_area_code,
        period_months.period_type,
        period_months.period_label,
        period_months.month,
        period_months.is_changed_in_place,
        levels.area_level
    from period_months
    inner join levels
        on
            period_months.period_type = levels.period_type
            and (levels.latest_months is null or period_months.latest_place <= levels.latest_months)
    where period_months.is_delivered
),

summed as (
    select
        parts.measure_code,
        parts.area_code,
        parts.area_level,
        parts.home_area_code,
        months_of_levels.feed,
        months_of_levels.period_type,
        months_of_levels.period_label,
        round(sum(parts.value), 9) as value,
        cast(sum(parts.row_count) as bigint) as row_count,
        round(sum(parts.sum_of_squares), 6) as sum_of_squares,
        count(*) as parts_counted,
        bool_or(parts.is_synthetic) as is_synthetic,
        bool_or(parts.is_revised or months_of_levels.is_changed_in_place) as is_revised
    from months_of_levels
    inner join parts
        on
            months_of_levels.feed = parts.feed
            and months_of_levels.home_area_code = parts.home_area_code
            and months_of_levels.month = parts.month
            and months_of_levels.area_level = parts.area_level
    inner join wanted
        on
            parts.measure_code = wanted.measure_code
            and parts.area_level = wanted.area_level
            and months_of_levels.period_type = wanted.period_type
    group by
        parts.measure_code,
        parts.area_code,
        parts.area_level,
        parts.home_area_code,
        months_of_levels.feed,
        months_of_levels.period_type,
        months_of_levels.period_label
)

select
    summed.measure_code,
    summed.area_code,
    summed.feed,
    summed.period_type,
    summed.period_label,
    summed.value,
    summed.row_count,
    summed.sum_of_squares,
    summed.parts_counted,
    summed.is_synthetic or coalesce(told.is_synthetic, false) as is_synthetic,
    summed.is_revised or coalesce(told.is_revised, false) as is_revised
from summed
-- Its months without a row are of the period too.
left join told
    on
        summed.measure_code = told.measure_code
        and summed.feed = told.feed
        and summed.home_area_code = told.home_area_code
        and summed.period_type = told.period_type
        and summed.period_label = told.period_label
        and summed.area_level in (select area_levels.area_level from area_levels where not area_levels.keeps_zeros)
