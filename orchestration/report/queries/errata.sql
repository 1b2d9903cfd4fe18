select * from errata where plan_id = $plan order by erratum_id
