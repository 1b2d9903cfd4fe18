-- What is counted most of what the plan names for its neighbourhoods, by ward, in the latest twelve months: the map's figures.
with latest as (
    select * from neighbourhood_scorecard
    where plan_id = $plan and period_type = 'rolling_12_months'
    qualify period_end = max(period_end) over ()
),

named as (
    select indicator_code from plan_indicators where plan_id = $plan
    union
    select indicator_code from targets where plan_id = $plan
),

figures as (
    select
        wards.*,
        areas.parent_code as district_code,
        latest.plan_area_value
    from indicator_values as wards
    inner join areas on wards.area_code = areas.area_code
    inner join (select distinct indicator_code, period_label, plan_area_value from latest) as latest
        on wards.indicator_code = latest.indicator_code and wards.period_label = latest.period_label
    where
        wards.area_level = 'ward'
        and wards.period_type = 'rolling_12_months'
        and wards.indicator_code in (select indicator_code from named)
        and areas.vintage <> 'none'
        and areas.parent_code in (
            select parent_code from areas where area_code in (select neighbourhood_code from latest)
        )
)

select
    figures.*,
    indicators.title,
    indicators.decimals
from figures
left join indicators on figures.indicator_code = indicators.indicator_code
qualify dense_rank() over (order by figures.plan_area_value desc, figures.indicator_code) = 1
order by figures.area_name, figures.area_code
