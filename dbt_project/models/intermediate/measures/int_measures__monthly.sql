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

covered_months as (
    select
        *,
        {{ each_month("first_month", "last_month") }} as month
    from coverage
    where keeps_zeros
),

-- What each delivery adds, and beside it a zero wherever zeros are written out.
added as (
    select
        measures_by_delivery.feed,
        measures_by_delivery.measure_code,
        measures_by_delivery.area_code,
        measures_by_delivery.area_level,
        measures_by_delivery.month,
        measures_by_delivery.value,
        measures_by_delivery.row_count,
        measures_by_delivery.sum_of_squares,
        standing_deliveries.is_synthetic
    from measures_by_delivery
    inner join standing_deliveries
        on
            measures_by_delivery.feed = standing_deliveries.feed
            and measures_by_delivery.file_sha256 = standing_deliveries.file_sha256
    -- What a delivery does not tell is missing, as its zeros are: what it counts of that is a part alone.
    left join {{ ref("int_measures__undecided") }} as undecided
        on
            measures_by_delivery.feed = undecided.feed
            and measures_by_delivery.file_sha256 = undecided.file_sha256
            and measures_by_delivery.measure_code = undecided.measure_code
    where undecided.measure_code is null
    union all
    select
        covered_months.feed,
        measures.measure_code,
        covered_months.area_code,
        covered_months.area_level,
        covered_months.month,
        0,
        0,
        0,
        covered_months.is_synthetic
    from covered_months
    inner join measures
        on covered_months.feed = measures.source_feed
    where {{ list_holds("covered_months.measures_not_told", "measures.measure_code", ", ") }} is not true
),

-- Neighbouring forces may count rows in the same area: their deliveries add up.
counted as (
    select
        feed,
        measure_code,
        area_code,
        area_level,
        month,
        round(sum(value), 9) as value,
        cast(sum(row_count) as bigint) as row_count,
        round(sum(sum_of_squares), 6) as sum_of_squares,
        bool_or(is_synthetic) as is_synthetic
    from added
    group by feed, measure_code, area_code, area_level, month
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
    -- A month that is made up in part is marked whole: so are its zeros, which nobody writes out.
    counted.is_synthetic or made_up.feed is not null as is_synthetic
from counted
left join coverage as made_up
    on
        made_up.is_synthetic
        and not made_up.keeps_zeros
        and counted.feed = made_up.feed
        and counted.area_code = made_up.area_code
        and counted.month between made_up.first_month and made_up.last_month
        and {{ list_holds("made_up.measures_not_told", "counted.measure_code", ", ") }} is not true
