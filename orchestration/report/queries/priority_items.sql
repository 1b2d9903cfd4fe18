-- What the plan says of one priority beside its aims: its purpose and objectives, in the plan's own words.
select item_kind, published_text, plan_line
from plan_items
where plan_id = $plan and priority_code = $priority and item_kind in ('purpose', 'objective')
order by case item_kind when 'purpose' then 1 else 2 end, try_cast(item_number as integer), item_number
