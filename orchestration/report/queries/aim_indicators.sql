select spoken.*, indicators.decimals
from aim_indicators as spoken
left join indicators on spoken.indicator_code = indicators.indicator_code
where spoken.plan_id = $plan
order by spoken.how_it_speaks = 'in_part', spoken.indicator_code
