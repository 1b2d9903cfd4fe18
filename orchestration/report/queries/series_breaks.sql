select distinct break_date, title, effect, definition_status, source
from series_breaks
where indicator_code = $indicator
order by break_date, title
