with restated as (

    select * from {{ ref("int_measures__restated") }}

)

select
    feed,
    period_start,
    measure_code,
    area_code,
    area_level,
    previous_value,
    value,
    value - previous_value as change,
    previous_file_sha256,
    file_sha256
from restated
order by feed, period_start, measure_code, area_code, file_sha256, previous_file_sha256
