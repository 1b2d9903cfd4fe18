select aims.*, items.published_text as priority_title
from aims
left join plan_items as items
    on aims.plan_id = items.plan_id and aims.priority_code = items.priority_code and items.item_kind = 'priority'
where aims.plan_id = $plan
order by aims.series, aims.priority_number, aims.aim_number
