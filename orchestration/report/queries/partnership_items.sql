-- What a plan says of the partnership as a whole, in its own words.
select item_kind, published_text, plan_line
from plan_items
where plan_id = $plan and priority_code = 'partnership'
order by plan_line, item_kind, try_cast(item_number as integer)
