with located as (select * from {{ ref("int_rows__located") }}),
cells as (select * from {{ ref("int_cells__held") }}),
feed_count_periods as (select * from {{ ref("feed_count_periods") }}),

undecided as (
    select
        feed,
        file_sha256,
        list(measure_code) as measure_codes
    from {{ ref("int_measures__undecided") }}
    group by feed, file_sha256
)

select
    located.feed,
    located.file_sha256,
    {{ each_item("coalesce(cells.row_numbers, [located.row_number])") }} as row_number,
    located.month,
    located.category,
    -- What a file does not tell has no figure, and its rows are behind none of those that other files make.
    case
        when undecided.feed is null then located.measure_codes
        else array_to_string(
            list_filter(
                string_split(located.measure_codes, ', '),
                lambda measure_code: not list_contains(undecided.measure_codes, measure_code)
            ), ', '
        )
    end as measure_codes,
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
left join undecided
    on
        located.feed = undecided.feed
        and located.file_sha256 = undecided.file_sha256
where located.is_standing and located.exclusion_reason is null
