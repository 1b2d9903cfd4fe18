-- Each file received and what became of it; the newest first.
select
    agency as "Agency",
    feed as "Feed",
    delivery_name as "Delivery",
    period_start as "From",
    period_end as "To",
    received_at::date as "Received on",
    replace(status, '_', ' ') as "Status",
    rows_delivered as "Rows",
    if(is_suppressed, '[c]', '[x]') as "Rows missing",
    rows_accepted as "Rows accepted",
    if(is_suppressed, '[c]', '[x]') as "Rows accepted missing",
    rows_rejected as "Rows rejected",
    if(is_suppressed, '[c]', '[x]') as "Rows rejected missing",
    is_synthetic as "Made-up figures",
    reason as "Remark"
from deliveries
order by received_at::date desc, agency, feed, period_start desc, delivery_name
