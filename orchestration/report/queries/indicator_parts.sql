-- The same indicator in the other areas, in the latest period that the series shows.
select area_name, area_code, area_level, value, lower_95, upper_95, is_complete, is_suppressed, note
from indicator_values
where
    indicator_code = $indicator and area_code <> $area
    and period_type = $period_type and period_label = $period_label
order by
    case area_level
        when 'force' then 1 when 'county' then 2 when 'district' then 3 when 'town' then 4
        when 'priority_neighbourhood' then 5 when 'ward' then 6 else 7
    end,
    area_level,
    area_name,
    area_code
limit 60
