with measure_values as (

    select * from {{ ref("measure_values") }}

),

areas as (

    select * from {{ ref("int_areas__in_use") }}

),

period_months as (

    select * from {{ ref("int_periods__expanded") }}

),

published_period_types as (

    select * from {{ ref("indicator_area_levels") }}

),

restated as (

    select distinct
        feed,
        measure_code,
        area_code,
        period_start as month
    from {{ ref("int_measures__restated") }}

),

monthly as (

    select
        measure_values.measure_code,
        measure_values.area_code,
        areas.area_level,
        areas.home_force_code,
        measure_values.source_feed as feed,
        measure_values.month,
        measure_values.value,
        measure_values.is_synthetic,
        restated.month is not null as is_revised
    from measure_values
    inner join areas
        on measure_values.area_code = areas.area_code
    left join restated
        on
            measure_values.source_feed = restated.feed
            and measure_values.measure_code = restated.measure_code
            and measure_values.area_code = restated.area_code
            and measure_values.month = restated.month
    where areas.area_level in (select published_period_types.area_level from published_period_types)

),

published_months as (

    select
        published_period_types.area_level,
        period_months.feed,
        period_months.force_code,
        period_months.period_type,
        period_months.period_label,
        period_months.month,
        period_months.is_changed_in_place
    from period_months
    inner join published_period_types
        on period_months.period_type = published_period_types.period_type
    where period_months.is_delivered

),

by_period as (

    select
        monthly.measure_code,
        monthly.area_code,
        published_months.feed,
        published_months.period_type,
        published_months.period_label,
        sum(monthly.value) as value,
        bool_or(monthly.is_synthetic) as is_synthetic,
        bool_or(monthly.is_revised or published_months.is_changed_in_place) as is_revised
    from published_months
    inner join monthly
        on
            published_months.area_level = monthly.area_level
            and published_months.feed = monthly.feed
            and published_months.force_code = monthly.home_force_code
            and published_months.month = monthly.month
    group by
        monthly.measure_code,
        monthly.area_code,
        published_months.feed,
        published_months.period_type,
        published_months.period_label

)

select * from by_period
