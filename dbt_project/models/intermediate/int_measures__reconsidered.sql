with deliveries as (

    select * from {{ ref("int_deliveries__ranked") }}
    where is_taken_in

),

months_delivered as (

    select * from {{ ref("int_months__delivered") }}

),

look_backs as (

    select * from {{ ref("measure_look_backs") }}

),

measures as (

    select * from {{ ref("measures") }}

),

files as (

    select
        feed,
        file_sha256,
        max(period_start) as period_start
    from deliveries
    group by feed, file_sha256

),

first_told as (

    select
        feed,
        home_area_code,
        period_start,
        is_synthetic,
        min(receipt_number) as receipt_number
    from deliveries
    group by feed, home_area_code, period_start, is_synthetic

),

corrections as (

    select
        feed,
        period_start,
        is_synthetic,
        receipt_number
    from deliveries
    where previous_file_sha256 is not null and previous_file_sha256 <> file_sha256

)

-- A correction of the period itself is compared value by value elsewhere.
select distinct
    months_delivered.feed,
    months_delivered.home_area_code,
    look_backs.measure_code,
    months_delivered.month
from months_delivered
inner join files
    on
        months_delivered.feed = files.feed
        and months_delivered.file_sha256 = files.file_sha256
inner join first_told
    on
        files.feed = first_told.feed
        and files.period_start = first_told.period_start
        and months_delivered.home_area_code = first_told.home_area_code
        and months_delivered.is_synthetic = first_told.is_synthetic
inner join measures
    on months_delivered.feed = measures.source_feed
inner join look_backs
    on measures.measure_code = look_backs.measure_code
inner join corrections
    on
        look_backs.consulted_feed = corrections.feed
        and first_told.is_synthetic = corrections.is_synthetic
        and first_told.receipt_number < corrections.receipt_number
        and files.period_start > corrections.period_start
        and corrections.period_start >= {{ add_months("months_delivered.month", "-look_backs.months_before") }}
