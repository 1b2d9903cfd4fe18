with moved as (
    select * from {{ ref("int_records__moved") }}
    -- A record of such a feed is a person.
    where feed not in (select of_people.feed from {{ ref("int_feeds__of_people") }} as of_people)
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
