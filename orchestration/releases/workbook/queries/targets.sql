-- Each target as it stands at the release's as-at date.
select
    targets.label as "Target",
    targets.plan_title as "Plan",
    replace(latest.priority_code, '_', ' ') as "Priority",
    latest.lead_agency as "Lead agency",
    latest.indicator_code as "Indicator code",
    indicators.title as "Indicator",
    areas.area_name as "Area",
    latest.baseline_period as "Baseline period",
    round(latest.baseline_value, coalesce(indicators.decimals, 2)) as "Baseline figure",
    latest.target_period as "Target period",
    latest.target_change_pct as "Change aimed at (%)",
    round(latest.target_value, coalesce(indicators.decimals, 2)) as "Target figure",
    latest.as_at as "Figures to",
    round(latest.actual_to_date, coalesce(indicators.decimals, 2)) as "Figure so far",
    round(latest.baseline_to_date, coalesce(indicators.decimals, 2)) as "Baseline to the same month",
    round(latest.change_on_baseline_pct, 1) as "Change on baseline (%)",
    latest.change_is_significant as "More than chance",
    round(latest.projected_outturn, coalesce(indicators.decimals, 2)) as "Projected figure",
    latest.rag as "Rating",
    replace(latest.outcome, '_', ' ') as "Outcome",
    latest.is_complete as "Complete",
    latest.status as "Status",
    latest.comparable as "Comparable",
    latest.is_synthetic as "Made-up figures",
    latest.note as "Remark"
from target_vs_baseline as latest
inner join targets on latest.target_id = targets.target_id
left join indicators on latest.indicator_code = indicators.indicator_code
left join areas on latest.area_code = areas.area_code
where latest.target_status <> 'not_set'
qualify row_number() over (partition by latest.target_id order by latest.as_at desc) = 1
order by targets.plan_id, latest.target_period, latest.priority_code, latest.target_id
