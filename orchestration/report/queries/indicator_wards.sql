-- The wards of an area in one period, for the map; the rows that no ward is known of are no place on it.
select figures.*
from indicator_values as figures
inner join areas on figures.area_code = areas.area_code
where
    figures.indicator_code = $indicator
    and areas.parent_code = $area
    and figures.area_level = 'ward'
    and figures.period_type = $period_type
    and figures.period_label = $period_label
    and areas.vintage <> 'none'
order by figures.area_name, figures.area_code
