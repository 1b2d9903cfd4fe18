-- What is counted most of what the plan names for its neighbourhoods, by ward, in the latest twelve months: the map's figures.
-- Of months long past wards have no rolling year, but the financial year that ended then has the same months.
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
    inner join (select distinct indicator_code, period_end, plan_area_value from latest) as latest
        on wards.indicator_code = latest.indicator_code and wards.period_end = latest.period_end
    where
        wards.area_level = 'ward'
        and wards.period_type in ('rolling_12_months', 'financial_year')
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
qualify
    dense_rank() over (order by figures.plan_area_value desc, figures.indicator_code) = 1
    and row_number() over (
        partition by figures.indicator_code, figures.area_code order by figures.period_type = 'rolling_12_months' desc
    ) = 1
order by figures.area_name, figures.area_code
