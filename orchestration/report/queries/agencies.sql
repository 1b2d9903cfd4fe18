select * from lead_agency_scorecard where plan_id = $plan
order by target_count desc, feed_count desc, partner_name
