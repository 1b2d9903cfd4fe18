{{ config(materialized="table") }}

with feed_rows as (select * from {{ ref("int_rows__shaped") }}),

taken_in_files as (
    -- The same bytes can be taken in again under a newer contract: one file, whichever of its receipts stands.
    select
        feed,
        file_sha256,
        max(home_area_code) as home_area_code,
        max(home_area_level) as home_area_level,
        max(period_start) as period_start,
        max(period_end) as period_end,
        bool_or(is_standing) as is_standing,
        bool_or(is_displaced) as is_displaced
    from {{ ref("int_deliveries__ranked") }}
    where is_taken_in
    group by feed, file_sha256
)

select
    feed_rows.feed,
    feed_rows.file_sha256,
    feed_rows.row_number,
    feed_rows.record_key,
    -- A row without a date of its own is of the whole delivered period.
    coalesce(feed_rows.month, taken_in_files.period_start) as month,
    feed_rows.category as category_sent,
    feed_rows.tags,
    feed_rows.counts_for,
    feed_rows.row_count,
    feed_rows.lsoa_code,
    feed_rows.ward_code,
    feed_rows.beat_code,
    feed_rows.locality,
    feed_rows.area_key,
    feed_rows.month is null as is_of_whole_period,
    taken_in_files.home_area_code,
    taken_in_files.home_area_level,
    taken_in_files.period_start,
    taken_in_files.period_end,
    taken_in_files.is_standing,
    taken_in_files.is_displaced
from feed_rows
inner join taken_in_files
    on
        feed_rows.feed = taken_in_files.feed
        and feed_rows.file_sha256 = taken_in_files.file_sha256
