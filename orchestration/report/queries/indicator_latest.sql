-- The latest period in which any area has a figure of an indicator: years where there are any.
select indicator_code, period_type, period_label
from indicator_values
where
    list_contains($indicators, indicator_code) and value is not null
    and period_type in ('financial_year', 'calendar_year', 'tranche', 'quarter', 'month')
qualify
    row_number() over (
        partition by indicator_code
        order by
            case period_type
                when 'financial_year' then 1 when 'calendar_year' then 2 when 'tranche' then 3 when 'quarter' then 4 else 5
            end,
            period_start desc
    ) = 1
order by indicator_code
