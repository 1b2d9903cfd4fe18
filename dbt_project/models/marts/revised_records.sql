with moved as (

    select * from {{ ref("int_records__moved") }}

)

select
    feed,
    period_start,
    movement,
    previous_category,
    category,
    previous_file_sha256,
    previous_row_number,
    file_sha256,
    row_number
from moved
order by feed, period_start, file_sha256, previous_file_sha256, row_number, previous_row_number
