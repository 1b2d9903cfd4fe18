-- Where the series of indicators break.
select distinct indicator_code, break_date, title, effect, definition_status, source
from series_breaks
order by indicator_code, break_date, title
