select
    source_feed,
    area_level
from {{ ref("shipped_feed_area_levels") }}
union all
select
    source_feed,
    {{ each_item("area_levels") }} as area_level
from {{ ref("stg_ledger__own_feeds") }}
