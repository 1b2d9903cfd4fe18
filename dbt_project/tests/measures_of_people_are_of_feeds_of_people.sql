-- Detects: a measure whose counts are hidden as counts of people, and whose feed publishes how many rows it has.
-- Usually means: a new feed of people without `rowsArePeople` in its contract.
-- Rows: the measures, with their feed.

select
    measures.measure_code,
    measures.source_feed
from {{ ref("measures") }} as measures
inner join {{ ref("disclosure_rules") }} as disclosure_rules
    on measures.disclosure_rule = disclosure_rules.disclosure_rule
left join {{ ref("stg_ledger__feeds") }} as feeds
    on measures.source_feed = feeds.feed
where not disclosure_rules.shows_months and not coalesce(feeds.rows_are_people, false)
