{{ config(materialized="table") }}

with deliveries as (select * from {{ ref("int_deliveries__ranked") }} where is_taken_in),
months_delivered as (select * from {{ ref("int_months__delivered") }}),
look_backs as (select * from {{ ref("measure_look_backs") }}),
measures as (select * from {{ ref("measures") }}),
consulted as (select * from {{ ref("int_look_backs__consulted") }}),
covered as (select * from {{ ref("int_areas__covered") }} where has_closer_home is not true),

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
        receipt_number,
        file_name,
        previous_file_sha256,
        file_sha256
    from deliveries
    where previous_file_sha256 is not null and previous_file_sha256 <> file_sha256
),

located as (
    select distinct
        feed,
        file_sha256,
        row_number,
        area_codes
    from {{ ref("int_rows__located") }}
    where feed in (select measures.source_feed from measures inner join look_backs on measures.measure_code = look_backs.measure_code)
),

-- Who is told of by one of the two versions alone.
changed as (
    select
        corrections.feed,
        corrections.period_start,
        corrections.is_synthetic,
        corrections.receipt_number,
        corrections.file_name,
        consulted.subject_key,
        consulted.told_of
    from corrections
    inner join consulted
        on
            corrections.feed = consulted.feed
            and consulted.file_sha256 in (corrections.previous_file_sha256, corrections.file_sha256)
    group by
        corrections.feed,
        corrections.period_start,
        corrections.is_synthetic,
        corrections.receipt_number,
        corrections.file_name,
        consulted.subject_key,
        consulted.told_of
    having count(distinct consulted.file_sha256) = 1
)

-- A correction of the period itself is compared value by value elsewhere.
select
    months_delivered.feed,
    months_delivered.home_area_code,
    covered.area_code,
    look_backs.measure_code,
    months_delivered.month,
    count(distinct judged_rows.row_number) as row_count,
    {{ listed("changed.file_name") }} as file_names
from months_delivered
inner join consulted as judged_rows
    on
        months_delivered.feed = judged_rows.feed
        and months_delivered.file_sha256 = judged_rows.file_sha256
        and months_delivered.month = judged_rows.month
inner join located
    on
        judged_rows.feed = located.feed
        and judged_rows.file_sha256 = located.file_sha256
        and judged_rows.row_number = located.row_number
inner join covered
    on
        months_delivered.feed = covered.feed
        and months_delivered.home_area_code = covered.home_area_code
        and {{ list_holds("located.area_codes", "covered.area_code", ", ") }}
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
inner join changed
    on
        look_backs.consulted_feed = changed.feed
        and judged_rows.subject_key = changed.subject_key
        and first_told.is_synthetic = changed.is_synthetic
        and first_told.receipt_number < changed.receipt_number
        and files.period_start > changed.period_start
        and changed.period_start >= {{ add_months("months_delivered.month", "-look_backs.months_before") }}
group by
    months_delivered.feed,
    months_delivered.home_area_code,
    covered.area_code,
    look_backs.measure_code,
    months_delivered.month
