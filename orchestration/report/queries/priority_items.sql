-- What the plan says of one priority: its purpose, aims and objectives, in the plan's own words.
select item_kind, item_number, published_text, plan_line, proposed_indicators, note
from plan_items
where plan_id = $plan and priority_code = $priority and item_kind in ('purpose', 'aim', 'objective')
order by case item_kind when 'purpose' then 1 when 'aim' then 2 else 3 end, try_cast(item_number as integer), item_number
