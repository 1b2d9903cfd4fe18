-- The indicators that a plan, a target or a framework names, or that the assessment or a comparison shows: each has a page.
with named as (
    select indicator_code from plan_indicators
    union
    select indicator_code from targets
    union
    select indicator_code from ni_indicators
    union
    select indicator_code from apacs_indicators
    union
    select indicator_code from laa_indicators
    union
    select indicator_code from psa_indicators
    union
    select indicator_code from strategic_assessment
    union
    select indicator_code from aim_indicators
    union
    select indicator_code from peer_comparison
    union
    select indicator_code from funnel_limits
)

select indicators.*
from indicators
inner join named on indicators.indicator_code = named.indicator_code
order by indicators.indicator_code
