with deliveries as (select * from {{ ref("int_deliveries__ranked") }} where is_taken_in),
months_delivered as (select * from {{ ref("int_months__delivered") }}),

first_told as (
    select
        months_delivered.feed,
        months_delivered.home_area_code,
        months_delivered.month,
        months_delivered.is_synthetic,
        min(deliveries.receipt_number) as receipt_number
    from months_delivered
    inner join deliveries
        on
            months_delivered.feed = deliveries.feed
            and months_delivered.home_area_code = deliveries.home_area_code
            and months_delivered.is_synthetic = deliveries.is_synthetic
            and months_delivered.month between deliveries.period_start and deliveries.period_end
    group by months_delivered.feed, months_delivered.home_area_code, months_delivered.month, months_delivered.is_synthetic
),

corrections as (
    select
        feed,
        period_start,
        is_synthetic,
        receipt_number
    from deliveries
    where previous_file_sha256 <> file_sha256
)

-- Whom the correction concerns, and so which areas, would take the rows of both versions: all of the month's areas count as revised.
select distinct
    first_told.feed,
    first_told.home_area_code,
    look_backs.measure_code,
    first_told.month
from first_told
inner join {{ ref("measures") }} as measures
    on first_told.feed = measures.source_feed
inner join {{ ref("measure_look_backs") }} as look_backs
    on measures.measure_code = look_backs.measure_code
inner join corrections
    on
        look_backs.consulted_feed = corrections.feed
        and first_told.is_synthetic = corrections.is_synthetic
        and first_told.receipt_number < corrections.receipt_number
        and first_told.month > corrections.period_start
        and corrections.period_start >= {{ add_months("first_told.month", "-look_backs.months_before") }}
