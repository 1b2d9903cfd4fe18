with feeds as (select * from {{ ref("stg_ledger__feeds") }}),

moved as (
    select records.*
    from {{ ref("int_records__moved") }} as records
    inner join feeds
        on records.feed = feeds.feed
    -- A record of a feed of people is a person.
    where not ({{ for_the_public() }} and feeds.rows_are_people)
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
