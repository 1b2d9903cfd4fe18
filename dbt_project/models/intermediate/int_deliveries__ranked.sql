{{ config(materialized="table") }}

with receipts as (

    select * from {{ ref("stg_ledger__receipts") }}

),

suppliers as (

    select * from {{ ref("int_suppliers__known") }}

),

-- A real and a made-up file of one period are two deliveries; neither takes the other's place.
taken_in as (

    select
        receipt_number,
        lead(receipt_number) over restatements as superseded_by_receipt_number,
        lag(file_sha256) over restatements as previous_file_sha256,
        -- Taking the same bytes in again replaces their raw rows: only the receipts still tell that they differ.
        min(rows_accepted) over same_bytes <> max(rows_accepted) over same_bytes as is_changed_in_place
    from receipts
    where outcome in ('accepted', 'partly_accepted')
    window
        restatements as (
            partition by agency, feed_name, coalesce(supplier, ''), period_start, is_synthetic
            order by receipt_number
        ),
        same_bytes as (partition by agency, feed_name, file_sha256)

),

ranked as (

    select
        receipts.*,
        suppliers.home_area_code,
        suppliers.home_area_level,
        taken_in.receipt_number is not null as is_taken_in,
        taken_in.receipt_number is not null and taken_in.superseded_by_receipt_number is null as is_standing,
        taken_in.superseded_by_receipt_number,
        taken_in.previous_file_sha256,
        coalesce(taken_in.is_changed_in_place, false) as is_changed_in_place,
        -- Where a feed has real deliveries, made-up ones count for nothing.
        receipts.is_synthetic
        and bool_or(taken_in.receipt_number is not null and not receipts.is_synthetic) over (
            partition by receipts.feed
        ) as is_displaced
    from receipts
    left join taken_in
        on receipts.receipt_number = taken_in.receipt_number
    left join suppliers
        on
            receipts.agency = suppliers.agency
            and receipts.supplier = suppliers.supplier

)

select * from ranked
