select * from claims where plan_id = $plan order by plan_line, claim_id
