select
    source_feed,
    counted_by
from {{ ref("shipped_feed_count_periods") }}
union all
select
    source_feed,
    counted_by
from {{ ref("stg_ledger__own_feeds") }}
