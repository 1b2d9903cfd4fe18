with located as (select * from {{ ref("int_rows__located") }}),
feed_counting as (select * from {{ ref("feed_counting") }})

select
    located.feed,
    located.file_sha256,
    located.row_number,
    located.month,
    located.category,
    located.measure_codes,
    located.area_codes,
    located.quantity,
    coalesce(feed_counting.counted_by, 'month') as counted_by
from located
left join feed_counting
    on located.feed = feed_counting.source_feed
where located.is_standing and located.exclusion_reason is null
