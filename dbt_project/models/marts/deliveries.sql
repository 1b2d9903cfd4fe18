with ranked as (

    select * from {{ ref("int_deliveries__ranked") }}

),

described as (

    select
        ranked.*,
        case when ranked.superseded_by_receipt_number is not null then 'superseded' else ranked.outcome end as status,
        case
            when superseding.receipt_number is not null
                then 'superseded by ' || superseding.file_name || ' (receipt ' || superseding.receipt_number || ')'
        end as supersession,
        case
            when ranked.is_displaced and ranked.is_standing then 'counts for nothing: synthetic, and its area has real deliveries'
        end as displacement
    from ranked
    left join ranked as superseding
        on ranked.superseded_by_receipt_number = superseding.receipt_number

)

select
    file_sha256,
    agency,
    feed_name as feed,
    file_name,
    period_start,
    period_end,
    received_at,
    rows_delivered,
    rows_accepted,
    rows_rejected,
    status,
    nullif(concat_ws('; ', reasons, supersession, displacement), '') as reason
from described
order by receipt_number
