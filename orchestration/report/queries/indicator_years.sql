-- The longest series of whole periods of an indicator in one area: years where there are any.
with figures as (
    select *
    from indicator_values
    where
        indicator_code = $indicator and area_code = $area
        and period_type in ('financial_year', 'calendar_year', 'tranche', 'quarter')
)

select figures.*
from figures
where
    period_type = (
        select period_type from figures
        order by case period_type when 'financial_year' then 1 when 'calendar_year' then 2 when 'tranche' then 3 else 4 end
        limit 1
    )
order by period_start
