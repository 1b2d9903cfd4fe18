select
    source_feed,
    counted_by,
    area_levels,
    categories
from {{ source("ledger", "own_feeds") }}
