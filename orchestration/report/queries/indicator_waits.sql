select *
from time_between_events
where indicator_code = $indicator and area_code = $area
order by wait_number
