-- Each indicator of a plan's areas, year by year; the newest years first.
select
    years.indicator_code as "Indicator code",
    indicators.title as "Indicator",
    years.area_name as "Area",
    replace(years.area_level, '_', ' ') as "Kind of area",
    years.period_label as "Period",
    years.period_start as "From",
    years.period_end as "To",
    round(years.value, coalesce(indicators.decimals, 2)) as "Figure",
    if(years.is_suppressed, '[c]', '[x]') as "Figure missing",
    years.unit as "Unit",
    round(years.lower_95, coalesce(indicators.decimals, 2)) as "Lower 95% limit",
    if(years.is_suppressed, '[c]', '[x]') as "Lower 95% limit missing",
    round(years.upper_95, coalesce(indicators.decimals, 2)) as "Upper 95% limit",
    if(years.is_suppressed, '[c]', '[x]') as "Upper 95% limit missing",
    years.is_complete as "Complete",
    years.status as "Status",
    years.comparable as "Comparable",
    years.definition_status as "Definition",
    years.is_synthetic as "Made-up figures",
    years.note as "Remark"
from indicator_values as years
left join indicators on years.indicator_code = indicators.indicator_code
where
    years.period_type in ('financial_year', 'calendar_year', 'tranche')
    and years.area_code in (select area_code from workbook_areas)
order by years.period_end desc, years.indicator_code, years.area_level, years.area_name, years.period_start
