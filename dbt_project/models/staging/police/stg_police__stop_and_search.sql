with source as (select * from {{ source("raw", "police__stop_and_search") }}),

timed as (
    select
        *,
        cast(substr(searched_at, 1, 19) as timestamp) as searched_at_clock,
        -- With another distance from UTC it is the clock of the place already.
        searched_at like '%Z' or searched_at like '%+00%' as is_utc
    from source
)

select
    'police/stop_and_search' as feed,
    file_sha256,
    row_number,
    cast(null as string) as record_key,
    -- The last hour of a month in UTC is the next month by British Summer Time: there the month of the file decides, as a row without one.
    case
        when
            not (
                is_utc
                and month(searched_at_clock) between 3 and 9
                and hour(searched_at_clock) = 23
                and cast(searched_at_clock as date) = last_day(cast(searched_at_clock as date))
            )
            then {{ month_of("searched_at_clock") }}
    end as month,
    coalesce(outcome, 'no outcome given') as category,
    case when search_type = 'Vehicle search' then 'vehicle_only' else 'person' end as tags,
    cast(1 as double) as counts_for,
    {{ row_places() }}
from timed
