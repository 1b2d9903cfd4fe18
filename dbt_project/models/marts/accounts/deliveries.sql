with ranked as (select * from {{ ref("int_deliveries__ranked") }}),
feeds as (select * from {{ ref("stg_ledger__feeds") }}),

described as (
    select
        ranked.*,
        {{ for_the_public() }} and coalesce(feeds.rows_are_people, true) as is_suppressed,
        case
            when ranked.is_accepted and ranked.is_withdrawn
                then 'withdrawn on ' || cast(ranked.withdrawn_at as string) || ': ' || ranked.withdrawal_reason
        end as withdrawal,
        case
            when ranked.is_erased then 'erased on ' || cast(ranked.erased_at as string) || ': ' || ranked.erasure_reason
        end as erasure,
        case
            when superseding.receipt_number is not null
                then 'superseded by ' || superseding.delivery_name
        end as supersession,
        case
            when ranked.is_displaced and ranked.is_standing then 'counts for nothing: synthetic, and its area has real deliveries'
        end as displacement,
        case
            when ranked.is_standing and ranked.home_area_code is null and feed_count_periods.source_feed is not null
                then
                    'counts for nothing: nobody has said which area the supplier answers for; add it to suppliers.csv, or a police '
                    || 'force to police_forces.csv'
        end as unknown_supplier
    from ranked
    left join ranked as superseding
        on ranked.superseded_by_receipt_number = superseding.receipt_number
    left join feeds
        on ranked.feed = feeds.feed
    left join {{ ref("feed_count_periods") }} as feed_count_periods
        on ranked.feed = feed_count_periods.source_feed
)

select
    -- It answers guesses about a small file.
    case when not is_suppressed then file_sha256 end as file_sha256,
    agency,
    feed,
    delivery_name,
    supplier,
    period_start,
    period_end,
    received_at,
    {% for rows in ["rows_delivered", "rows_accepted", "rows_rejected"] %}
        case when not is_suppressed then {{ rows }} end as {{ rows }},
    {% endfor %}
    status,
    is_synthetic,
    is_suppressed,
    nullif(
        concat_ws(
            '; ',
            case when not is_suppressed or status in ('refused', 'duplicate') then reasons end,
            supersession,
            withdrawal,
            erasure,
            displacement,
            unknown_supplier,
            case when is_suppressed then 'numbers of rows are withheld: its rows are people' end
        ),
        ''
    ) as reason
from described
order by receipt_number
