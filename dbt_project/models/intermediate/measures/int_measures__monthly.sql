{{ config(materialized="table") }}

with measures_by_delivery as (select * from {{ ref("int_measures__by_delivery") }}),
months_delivered as (select * from {{ ref("int_months__delivered") }}),
unplaced as (select * from {{ ref("int_areas__unplaced") }}),
undecided as (select * from {{ ref("int_measures__undecided") }}),
areas as (select * from {{ ref("int_areas__in_use") }}),
covered as (select * from {{ ref("int_areas__covered") }} where has_closer_home is not true),
measures as (select * from {{ ref("measures") }}),

standing_deliveries as (
    select
        feed,
        file_sha256,
        is_synthetic
    from {{ ref("int_deliveries__ranked") }}
    where is_standing
),

published_counts as (
    select source_feed from {{ ref("feed_count_periods") }}
    where counted_by = 'period'
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

-- Nothing counted in a delivered month or wave of records is a zero. Not so in an area of a kind that no row names, of a measure that
-- the delivery cannot tell yet, in an LSOA of another vintage than the delivery's, or in a cell that a published table of whole
-- quarters or years does not have.
expected as (
    select
        months_delivered.feed,
        measures.measure_code,
        covered.area_code,
        covered.area_level,
        months_delivered.month,
        months_delivered.is_synthetic
    from months_delivered
    inner join measures
        on months_delivered.feed = measures.source_feed
    inner join covered
        on
            months_delivered.feed = covered.feed
            and months_delivered.home_area_code = covered.home_area_code
    inner join areas
        on covered.area_code = areas.area_code
    left join unplaced
        on
            months_delivered.feed = unplaced.feed
            and covered.area_code = unplaced.area_code
            and months_delivered.month = unplaced.month
    left join undecided
        on
            months_delivered.feed = undecided.feed
            and months_delivered.file_sha256 = undecided.file_sha256
            and measures.measure_code = undecided.measure_code
    where
        unplaced.area_code is null
        and undecided.measure_code is null
        and months_delivered.feed not in (select published_counts.source_feed from published_counts)
        and (
            covered.area_level <> 'lsoa'
            or areas.vintage = 'none'
            or areas.vintage = cast(months_delivered.lsoa_vintage as string)
            or areas.vintage = '2011 and 2021'
        )
),

complete as (
    select
        coalesce(expected.measure_code, counted.measure_code) as measure_code,
        coalesce(expected.area_code, counted.area_code) as area_code,
        coalesce(expected.area_level, counted.area_level) as area_level,
        coalesce(expected.month, counted.month) as month,
        coalesce(counted.value, 0) as value,
        coalesce(counted.row_count, 0) as row_count,
        coalesce(counted.sum_of_squares, 0) as sum_of_squares,
        coalesce(expected.feed, counted.feed) as source_feed,
        coalesce(expected.is_synthetic, false) or coalesce(counted.is_synthetic, false) as is_synthetic
    from expected
    full outer join counted
        on
            expected.feed = counted.feed
            and expected.measure_code = counted.measure_code
            and expected.area_code = counted.area_code
            and expected.month = counted.month
)

select
    measure_code,
    area_code,
    area_level,
    month,
    value,
    row_count,
    sum_of_squares,
    source_feed,
    is_synthetic
from complete
