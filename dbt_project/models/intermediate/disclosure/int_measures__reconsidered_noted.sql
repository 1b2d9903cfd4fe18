with reconsidered as (select * from {{ ref("int_measures__reconsidered") }}),
period_months as (select * from {{ ref("int_periods__expanded") }})

select
    reconsidered.measure_code,
    reconsidered.feed,
    reconsidered.area_code,
    period_months.period_type,
    period_months.period_label,
    'counted anew: an earlier delivery that it looks back on was corrected by ' || {{ listed("reconsidered.file_names") }} as note
from reconsidered
inner join period_months
    on
        reconsidered.feed = period_months.feed
        and reconsidered.home_area_code = period_months.home_area_code
        and reconsidered.month = period_months.month
group by
    reconsidered.measure_code,
    reconsidered.feed,
    reconsidered.area_code,
    period_months.period_type,
    period_months.period_label
