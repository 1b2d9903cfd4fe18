with located as (select * from {{ ref("int_rows__located") }}),
cells as (select * from {{ ref("int_cells__held") }}),
feed_count_periods as (select * from {{ ref("feed_count_periods") }})

select
    located.feed,
    located.file_sha256,
    {{ each_item("coalesce(cells.row_numbers, [located.row_number])") }} as row_number,
    located.month,
    located.category,
    located.measure_codes,
    {{ area_codes("located") | indent }} as area_codes,
    located.counts_for as quantity,
    coalesce(feed_count_periods.counted_by, 'month') as counted_by
from located
left join cells
    on
        located.feed = cells.feed
        and located.file_sha256 = cells.file_sha256
        and located.row_number = cells.row_number
left join feed_count_periods
    on located.feed = feed_count_periods.source_feed
where located.is_standing and located.exclusion_reason is null
