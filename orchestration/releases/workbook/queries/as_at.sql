-- Each indicator of a plan's areas as at the release's date, beside the year before.
select
    latest.indicator_code as "Indicator code",
    latest.indicator_title as "Indicator",
    latest.area_name as "Area",
    replace(latest.area_level, '_', ' ') as "Kind of area",
    latest.period_label as "Period",
    latest.period_end as "Figures to",
    round(latest.value, coalesce(indicators.decimals, 2)) as "Figure",
    if(latest.is_suppressed, '[c]', '[x]') as "Figure missing",
    latest.unit as "Unit",
    latest.previous_period_label as "Period before",
    round(latest.previous_value, coalesce(indicators.decimals, 2)) as "Figure before",
    if(latest.previous_is_suppressed, '[c]', '[x]') as "Figure before missing",
    round(latest.change, coalesce(indicators.decimals, 2)) as "Change",
    round(latest.change_percent, 1) as "Change (%)",
    latest.is_significant as "More than chance",
    latest.direction as "Direction",
    latest.is_complete as "Complete",
    latest.status as "Status",
    latest.comparable as "Comparable",
    latest.definition_status as "Definition",
    latest.is_synthetic as "Made-up figures",
    coalesce(latest.why_no_figure, nullif(concat_ws('; ', latest.why_no_comparison, latest.note), '')) as "Remark"
from indicators_as_at as latest
left join indicators on latest.indicator_code = indicators.indicator_code
where latest.area_code in (select area_code from workbook_areas)
order by latest.indicator_code, latest.area_level, latest.area_name
