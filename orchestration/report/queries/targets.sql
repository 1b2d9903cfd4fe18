-- The targets of a plan (of one priority where $priority names it) as they stand at the release's as-at date.
select
    latest.*,
    targets.label,
    targets.plan_line,
    targets.published_text,
    targets.plan_status,
    indicators.title as indicator_title,
    indicators.unit,
    indicators.decimals,
    areas.area_name
from target_vs_baseline as latest
inner join targets on latest.target_id = targets.target_id
left join indicators on latest.indicator_code = indicators.indicator_code
left join areas on latest.area_code = areas.area_code
where
    latest.plan_id = $plan
    and (
        $priority is null
        or latest.target_id in (select target_id from target_links where priority_code = $priority)
    )
    and latest.target_status <> 'not_set'
qualify row_number() over (partition by latest.target_id order by latest.as_at desc) = 1
order by latest.target_period, targets.plan_line, latest.target_id
