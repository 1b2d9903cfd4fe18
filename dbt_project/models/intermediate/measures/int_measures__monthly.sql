{{ config(materialized="table") }}

with measures_by_delivery as (select * from {{ ref("int_measures__by_delivery") }}),
coverage as (select * from {{ ref("int_coverage__by_area") }}),
measures as (select * from {{ ref("measures") }}),

standing_deliveries as (
    select
        feed,
        file_sha256,
        is_synthetic
    from {{ ref("int_deliveries__ranked") }}
    where is_standing
),

-- Neighbouring forces may count rows in the same area: their deliveries add up.
counted as (
    select
        measures_by_delivery.feed,
        measures_by_delivery.measure_code,
        measures_by_delivery.area_code,
        measures_by_delivery.area_level,
        measures_by_delivery.month,
        round(sum(measures_by_delivery.value), 9) as value,
        cast(sum(measures_by_delivery.row_count) as bigint) as row_count,
        round(sum(measures_by_delivery.sum_of_squares), 6) as sum_of_squares,
        bool_or(standing_deliveries.is_synthetic) as is_synthetic
    from measures_by_delivery
    inner join standing_deliveries
        on
            measures_by_delivery.feed = standing_deliveries.feed
            and measures_by_delivery.file_sha256 = standing_deliveries.file_sha256
    group by
        measures_by_delivery.feed,
        measures_by_delivery.measure_code,
        measures_by_delivery.area_code,
        measures_by_delivery.area_level,
        measures_by_delivery.month
),

covered_months as (
    select
        *,
        {{ each_month("first_month", "last_month") }} as month
    from coverage
    where keeps_zeros
),

zeros as (
    select
        covered_months.feed,
        measures.measure_code,
        covered_months.area_code,
        covered_months.area_level,
        covered_months.month,
        covered_months.is_synthetic
    from covered_months
    inner join measures
        on covered_months.feed = measures.source_feed
    left join counted
        on
            covered_months.feed = counted.feed
            and measures.measure_code = counted.measure_code
            and covered_months.area_code = counted.area_code
            and covered_months.month = counted.month
    where
        counted.measure_code is null
        and {{ list_holds("covered_months.measures_not_told", "measures.measure_code", ", ") }} is not true
)

select
    counted.measure_code,
    counted.area_code,
    counted.area_level,
    counted.month,
    counted.value,
    counted.row_count,
    counted.sum_of_squares,
    counted.feed as source_feed,
    counted.is_synthetic or coalesce(coverage.is_synthetic, false) as is_synthetic
from counted
left join coverage
    on
        counted.feed = coverage.feed
        and counted.area_code = coverage.area_code
        and counted.month between coverage.first_month and coverage.last_month
        and {{ list_holds("coverage.measures_not_told", "counted.measure_code", ", ") }} is not true
union all
select
    measure_code,
    area_code,
    area_level,
    month,
    0 as value,
    0 as row_count,
    0 as sum_of_squares,
    feed as source_feed,
    is_synthetic
from zeros
