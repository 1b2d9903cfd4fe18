-- Detects: a complete financial year whose count is not the sum of its four quarters or twelve months.
-- Usually means: a month falls into the wrong period at 31 March or 1 April, or a period counts a month twice.
-- Rows: one per indicator, area and year, with the year's numerator and the sums.

with parts as (select * from {{ ref("int_indicators__measured") }} where period_type in ('month', 'quarter')),

years as (
    select * from {{ ref("int_indicators__measured") }}
    where period_type = 'financial_year' and is_complete and area_level in ('force', 'district')
)

select
    years.indicator_code,
    years.area_code,
    years.period_label,
    parts.period_type,
    min(years.numerator) as year_numerator,
    sum(parts.numerator) as sum_of_parts
from years
inner join parts
    on
        years.indicator_code = parts.indicator_code
        and years.area_code = parts.area_code
        and parts.period_start between years.period_start and years.period_end
group by years.indicator_code, years.area_code, years.period_label, parts.period_type
having min(years.numerator) is distinct from sum(parts.numerator)
