{{ config(materialized="table") }}

{#
What stood for a supplier and period, and what took its place: a later delivery, or, where that is withdrawn, the one before it. Where
nothing stands after a withdrawal, the next delivery is compared with what had been withdrawn.
#}
with deliveries as (select * from {{ ref("int_deliveries__ranked") }} where is_taken_in),

events as (
    select
        delivery_key,
        feed,
        period_start,
        receipt_number as after_receipt_number,
        0 as withdrawal_number,
        null as reason
    from deliveries
    union all
    select
        delivery_key,
        feed,
        period_start,
        withdrawn_after_receipt_number,
        withdrawal_number,
        'withdrawn: ' || delivery_name || ': ' || withdrawal_reason
    from deliveries
    where is_withdrawn
),

stood as (
    select
        events.delivery_key,
        events.feed,
        events.period_start,
        events.after_receipt_number,
        events.withdrawal_number,
        events.reason,
        max_by(deliveries.file_sha256, deliveries.receipt_number) as file_sha256
    from events
    inner join deliveries
        on
            events.delivery_key = deliveries.delivery_key
            and events.after_receipt_number >= deliveries.receipt_number
    where
        not deliveries.is_withdrawn
        or deliveries.withdrawn_after_receipt_number > events.after_receipt_number
        or (
            deliveries.withdrawn_after_receipt_number = events.after_receipt_number
            and deliveries.withdrawal_number > events.withdrawal_number
        )
    group by
        events.delivery_key,
        events.feed,
        events.period_start,
        events.after_receipt_number,
        events.withdrawal_number,
        events.reason
),

numbered as (
    select
        feed,
        period_start,
        file_sha256,
        reason,
        row_number() over (order by after_receipt_number, withdrawal_number, delivery_key) as change_number,
        lag(file_sha256) over (
            partition by delivery_key
            order by after_receipt_number, withdrawal_number
        ) as previous_file_sha256
    from stood
)

select
    feed,
    period_start,
    previous_file_sha256,
    file_sha256,
    max(change_number) as change_number,
    max_by(reason, change_number) as reason
from numbered
where previous_file_sha256 <> file_sha256
group by feed, period_start, previous_file_sha256, file_sha256
