-- The time between the events that an indicator counts in an area.
with shown as (
    select unnest(cast($indicators as varchar [])) as indicator_code, unnest(cast($areas as varchar [])) as area_code
)

select waits.*
from time_between_events as waits
inner join shown on waits.indicator_code = shown.indicator_code and waits.area_code = shown.area_code
order by waits.indicator_code, waits.wait_number
