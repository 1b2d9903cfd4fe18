-- Where plans and frameworks name an indicator.
select plan_id, 'priority ' || priority_code as place, published_text as words, plan_line from plan_indicators
where indicator_code = $indicator
union
select plan_id, 'target', label, plan_line from targets
where indicator_code = $indicator and target_status <> 'not_set'
order by 1, 4, 2, 3
