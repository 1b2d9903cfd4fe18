{{ config(materialized="table") }}

{#
Records that a later delivery of another month holds again, such as a crime whose date of recording was changed: the later delivery
knows better. Only of feeds whose reference names one record for good.
#}
with records as (
    select
        dated.feed,
        dated.file_sha256,
        dated.row_number,
        dated.record_key,
        dated.month,
        dated.home_area_code,
        dated.is_standing
    from {{ ref("int_rows__dated") }} as dated
    cross join {{ ref("stg_run__inputs") }} as run_inputs
    where
        dated.feed in (select source_feed from {{ ref("feeds_of_records") }})
        and dated.record_key is not null
        and not dated.is_displaced
        and dated.month between dated.period_start and dated.period_end
        and dated.month <= run_inputs.last_month
),

receipts as (
    select
        feed,
        file_sha256,
        max(receipt_number) as receipt_number
    from {{ ref("int_deliveries__ranked") }}
    where is_taken_in
    group by feed, file_sha256
),

received as (
    select
        records.*,
        receipts.receipt_number
    from records
    inner join receipts
        on
            records.feed = receipts.feed
            and records.file_sha256 = receipts.file_sha256
),

in_several_months as (
    select
        feed,
        home_area_code,
        record_key,
        max(receipt_number) as last_receipt_number
    from received
    where is_standing
    group by feed, home_area_code, record_key
    having min(month) <> max(month)
),

last_received as (
    select received.*
    from received
    inner join in_several_months
        on
            received.feed = in_several_months.feed
            and received.home_area_code = in_several_months.home_area_code
            and received.record_key = in_several_months.record_key
            and received.receipt_number = in_several_months.last_receipt_number
)

select distinct
    received.feed,
    received.file_sha256,
    received.row_number
from received
inner join last_received
    on
        received.feed = last_received.feed
        and received.home_area_code = last_received.home_area_code
        and received.record_key = last_received.record_key
where
    received.receipt_number < last_received.receipt_number
    and received.month <> last_received.month
