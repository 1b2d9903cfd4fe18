-- The funnels that an area is in, and that of the wards inside it, in the latest year of each.
with shown as (
    select unnest(cast($indicators as varchar [])) as indicator_code, unnest(cast($areas as varchar [])) as area_code
),

funnels as (
    select funnel_limits.*, shown.area_code as shown_area
    from funnel_limits
    inner join shown on funnel_limits.indicator_code = shown.indicator_code
    qualify
        funnel_limits.period_start = max(funnel_limits.period_start) over (
            partition by funnel_limits.indicator_code, funnel_limits.funnel_group_id, funnel_limits.area_level
        )
)

select funnels.* exclude (shown_area)
from funnels
left join areas on funnels.area_code = areas.area_code
qualify
    bool_or(
        funnels.area_code = funnels.shown_area
        or (funnels.area_level = 'ward' and areas.parent_code = funnels.shown_area)
    ) over (partition by funnels.indicator_code, funnels.funnel_group_id, funnels.area_level)
order by funnels.indicator_code, funnels.funnel_group_id, funnels.area_level, funnels.denominator, funnels.area_code
