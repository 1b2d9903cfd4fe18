with source as (select * from {{ source("raw", "pct__assault_attendances") }})

select
    file_sha256,
    row_number,
    attendance_id,
    arrival_date,
    lower(location_text) as location_text,
    -- Where the patient did not say when, it was when they arrived.
    coalesce(assault_time, arrival_time) as time_of_assault,
    alcohol_involved,
    reported_to_police
from source
