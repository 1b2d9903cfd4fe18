select *
from performance_framework
where plan_id = $plan
order by series desc, priority_number, theme_code, field_number
