with located as (select * from {{ ref("int_rows__located") }}),
feed_count_periods as (select * from {{ ref("feed_count_periods") }})

select
    located.feed,
    located.file_sha256,
    located.row_number,
    located.month,
    located.category,
    located.measure_codes,
    located.area_codes,
    located.counts_for as quantity,
    coalesce(feed_count_periods.counted_by, 'month') as counted_by
from located
left join feed_count_periods
    on located.feed = feed_count_periods.source_feed
where located.is_standing and located.exclusion_reason is null
