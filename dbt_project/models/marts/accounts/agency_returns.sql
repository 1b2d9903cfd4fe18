with ranked as (select * from {{ ref("int_deliveries__ranked") }}),
feeds as (select * from {{ ref("stg_ledger__feeds") }}),
suppliers as (select * from {{ ref("int_suppliers__known") }}),

returned as (
    select
        'receipt ' || cast(ranked.receipt_number as string) as return_id,
        ranked.feed,
        ranked.agency,
        ranked.supplier,
        ranked.period_start,
        ranked.period_end,
        ranked.due_on,
        ranked.received_at,
        case
            when ranked.due_on is not null
                then greatest(0, {{ days_between("ranked.due_on", "cast(ranked.received_at as date)") }})
        end as days_late,
        cast(ranked.received_at as date) > ranked.in_time_until as is_late,
        ranked.status,
        {{ for_the_public() }} and coalesce(feeds.rows_are_people, true) as is_suppressed,
        ranked.rows_delivered,
        ranked.rows_accepted,
        ranked.rows_rejected,
        ranked.is_synthetic,
        ranked.delivery_name
    from ranked
    left join feeds
        on ranked.feed = feeds.feed
),

missing as (
    select
        'missing ' || feed || ' ' || supplier || ' ' || cast(period_start as string)
        || case when is_synthetic then ' synthetic' else '' end as return_id,
        *
    from {{ ref("stg_ledger__missing_returns") }}
),

together as (
    select * from returned
    union all
    select
        return_id,
        feed,
        agency,
        supplier,
        period_start,
        period_end,
        due_on,
        null,
        null,
        true,
        'missing',
        false,
        null,
        null,
        null,
        is_synthetic,
        null
    from missing
)

select
    together.return_id,
    together.agency,
    together.feed,
    feeds.title as feed_title,
    together.supplier,
    suppliers.supplier_name,
    suppliers.home_area_code,
    together.period_start,
    together.period_end,
    together.due_on,
    together.received_at,
    -- Made-up extracts come on the day on which someone tries them out.
    case when not together.is_synthetic then cast(together.days_late as integer) end as days_late,
    case when not together.is_synthetic then together.is_late end as is_late,
    together.status,
    {% for rows in ["rows_delivered", "rows_accepted", "rows_rejected"] %}
        case when not together.is_suppressed then together.{{ rows }} end as {{ rows }},
    {% endfor %}
    case
        when not together.is_suppressed and together.rows_delivered > 0
            then round(100.0 * together.rows_accepted / together.rows_delivered, 6)
    end as accepted_pct,
    together.is_synthetic,
    together.is_suppressed,
    together.delivery_name
from together
left join feeds
    on together.feed = feeds.feed
left join suppliers
    on
        together.agency = suppliers.agency
        and together.supplier = suppliers.supplier
order by together.feed, together.period_start, together.return_id
