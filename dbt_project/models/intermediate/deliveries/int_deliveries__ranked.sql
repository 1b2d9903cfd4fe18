{{ config(materialized="table") }}

with suppliers as (select * from {{ ref("int_suppliers__known") }}),

received as (
    select
        *,
        withdrawal_number is not null as is_withdrawn,
        erased_at is not null as is_erased
    from {{ ref("stg_ledger__receipts") }}
),

-- Of bytes that were withdrawn and sent again the later receipt tells; what was erased has no rows to tell of.
receipts as (
    select
        *,
        is_accepted
        and not is_erased
        and (
            not is_withdrawn
            or receipt_number = max(case when is_accepted then receipt_number end) over (
                partition by agency, feed_name, file_sha256
            )
        ) as is_taken_in
    from received
),

taken_in as (
    select
        receipt_number,
        case
            when not is_withdrawn
                then lead(case when not is_withdrawn then receipt_number end ignore nulls) over restatements
        end as superseded_by_receipt_number,
        lag(case when not is_withdrawn then file_sha256 end ignore nulls) over restatements as previous_file_sha256,
        -- Taking the same bytes in again replaces their raw rows: only the receipts still tell that they differ.
        min(rows_accepted) over same_bytes <> max(rows_accepted) over same_bytes as is_changed_in_place
    from receipts
    where is_taken_in
    window
        restatements as (
            partition by delivery_key
            order by receipt_number
        ),
        same_bytes as (partition by agency, feed_name, file_sha256)
),

placed as (
    select
        receipts.*,
        suppliers.home_area_code,
        suppliers.home_area_level,
        receipts.is_taken_in and not receipts.is_withdrawn and taken_in.superseded_by_receipt_number is null as is_standing,
        taken_in.superseded_by_receipt_number,
        taken_in.previous_file_sha256,
        coalesce(taken_in.is_changed_in_place, false) as is_changed_in_place
    from receipts
    left join taken_in
        on receipts.receipt_number = taken_in.receipt_number
    left join suppliers
        on
            receipts.agency = suppliers.agency
            and receipts.supplier = suppliers.supplier
),

real_deliveries as (
    select distinct
        feed,
        supplier,
        home_area_code,
        period_start
    from placed
    where is_standing and not is_synthetic
),

home_districts as (
    select * from {{ ref("int_home_areas__districts") }}
    where home_area_code in (select placed.home_area_code from placed)
),

overlapping as (
    select distinct
        one.home_area_code,
        other.home_area_code as other_home_area_code
    from home_districts as one
    inner join home_districts as other
        on one.district_code = other.district_code
),

-- Of a series of months the real one takes the place of the made-up one of its area. A table or estimate of a whole period stands
-- beside those of other periods, real or not.
displaced as (
    select distinct placed.receipt_number
    from placed
    inner join real_deliveries
        on placed.feed = real_deliveries.feed
    left join {{ ref("feed_count_periods") }} as feed_count_periods
        on
            placed.feed = feed_count_periods.source_feed
            and feed_count_periods.counted_by = 'month'
    left join overlapping
        on
            placed.home_area_code = overlapping.home_area_code
            and real_deliveries.home_area_code = overlapping.other_home_area_code
    where
        placed.is_synthetic
        and case
            when feed_count_periods.source_feed is not null
                then placed.home_area_code = real_deliveries.home_area_code or overlapping.home_area_code is not null
            else placed.supplier = real_deliveries.supplier and placed.period_start = real_deliveries.period_start
        end
)

select
    placed.*,
    displaced.receipt_number is not null as is_displaced,
    case
        when placed.is_accepted and placed.is_withdrawn then 'withdrawn'
        when placed.superseded_by_receipt_number is not null then 'superseded'
        else placed.outcome
    end as status
from placed
left join displaced
    on placed.receipt_number = displaced.receipt_number
