-- The plan's monitoring form, filled: the fields that stand once, then those of each theme in the order of the plan.
select *
from performance_framework
where plan_id = $plan
order by theme_code <> 'partnership', series, priority_number, field_number, entry_number
