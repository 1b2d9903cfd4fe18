-- The latest period in which any area has a figure of an indicator: years where there are any.
select period_type, period_label
from indicator_values
where
    indicator_code = $indicator and value is not null
    and period_type in ('financial_year', 'calendar_year', 'tranche', 'quarter', 'month')
order by
    case period_type
        when 'financial_year' then 1 when 'calendar_year' then 2 when 'tranche' then 3 when 'quarter' then 4 else 5
    end,
    period_start desc
limit 1
