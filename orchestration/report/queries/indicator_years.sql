-- The longest series of whole periods of each indicator in one area: years where there are any.
with shown as (
    select unnest(cast($indicators as varchar [])) as indicator_code, unnest(cast($areas as varchar [])) as area_code
)

select figures.*
from indicator_values as figures
inner join shown on figures.indicator_code = shown.indicator_code and figures.area_code = shown.area_code
where figures.period_type in ('financial_year', 'calendar_year', 'tranche', 'quarter')
qualify
    rank() over (
        partition by figures.indicator_code
        order by
            case figures.period_type
                when 'financial_year' then 1 when 'calendar_year' then 2 when 'tranche' then 3 else 4
            end
    ) = 1
order by figures.indicator_code, figures.period_start
