{{ config(materialized="table") }}

with receipts as (

    select * from {{ ref("stg_ledger__receipts") }}

),

police_forces as (

    select * from {{ ref("police_forces") }}

),

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
            partition by agency, feed_name, coalesce(supplier, ''), period_start
            order by receipt_number
        ),
        same_bytes as (partition by agency, feed_name, file_sha256)

),

ranked as (

    select
        receipts.*,
        police_forces.force_code,
        taken_in.receipt_number is not null as is_taken_in,
        taken_in.receipt_number is not null and taken_in.superseded_by_receipt_number is null as is_standing,
        taken_in.superseded_by_receipt_number,
        taken_in.previous_file_sha256,
        coalesce(taken_in.is_changed_in_place, false) as is_changed_in_place
    from receipts
    left join taken_in
        on receipts.receipt_number = taken_in.receipt_number
    left join police_forces
        on receipts.supplier = police_forces.supplier

)

select * from ranked
