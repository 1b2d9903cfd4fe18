select
    plan_id,
    series,
    priority_number,
    priority_code,
    published_text as title,
    leads,
    supporting_partners,
    plan_line,
    note
from plan_items
where plan_id = $plan and item_kind = 'priority'
order by series, priority_number, item_number
