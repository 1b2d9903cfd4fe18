-- How many of the indicators that a plan names have a figure.
select
    indicators.availability,
    indicators.availability = 'data' as has_figures,
    count(distinct named.indicator_code) as indicators
from (select indicator_code from plan_indicators where plan_id = $plan) as named
inner join indicators on named.indicator_code = indicators.indicator_code
group by indicators.availability
order by indicators.availability
