with reconsidered as (

    select * from {{ ref("int_measures__reconsidered") }}

),

period_months as (

    select * from {{ ref("int_periods__expanded") }}

),

covered as (

    select * from {{ ref("int_areas__covered") }}
    where has_closer_home is not true

)

select distinct
    reconsidered.measure_code,
    reconsidered.feed,
    covered.area_code,
    period_months.period_type,
    period_months.period_label,
    'counted anew: an earlier delivery that it looks back on was corrected' as note
from reconsidered
inner join period_months
    on
        reconsidered.feed = period_months.feed
        and reconsidered.home_area_code = period_months.home_area_code
        and reconsidered.month = period_months.month
inner join covered
    on
        reconsidered.feed = covered.feed
        and reconsidered.home_area_code = covered.home_area_code
