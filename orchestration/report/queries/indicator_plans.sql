-- Where plans and frameworks name an indicator.
select indicator_code, plan_id, 'priority ' || priority_code as place, published_text as words, plan_line
from plan_indicators
union
select indicator_code, plan_id, 'target', label, plan_line from targets
where target_status <> 'not_set'
order by indicator_code, plan_id, plan_line, place, words
