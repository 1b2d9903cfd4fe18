-- The funnels that an area is in, and that of the wards inside it, in the latest year of each.
with funnels as (
    select *
    from funnel_limits
    where indicator_code = $indicator
    qualify period_start = max(period_start) over (partition by funnel_group_id, area_level)
)

select funnels.*
from funnels
left join areas on funnels.area_code = areas.area_code
qualify
    bool_or(funnels.area_code = $area or (funnels.area_level = 'ward' and areas.parent_code = $area))
        over (partition by funnels.funnel_group_id, funnels.area_level)
order by funnels.funnel_group_id, funnels.area_level, funnels.denominator, funnels.area_code
