-- The same indicator in the other areas, in the latest period that the series shows: as many as a page can hold, those
-- inside the area before others of their level, and how many there are.
select
    figures.*,
    count(*) over () as area_count
from indicator_values as figures
left join areas on figures.area_code = areas.area_code
where
    figures.indicator_code = $indicator and figures.area_code <> $area
    and figures.period_type = $period_type and figures.period_label = $period_label
order by
    case figures.area_level
        when 'force' then 1 when 'county' then 2 when 'district' then 3 when 'town' then 4
        when 'priority_neighbourhood' then 5 when 'ward' then 6 else 7
    end,
    figures.area_level,
    coalesce(areas.parent_code = $area, false) desc,
    figures.area_name,
    figures.area_code
limit 60
