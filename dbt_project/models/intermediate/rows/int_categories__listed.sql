with feed_code_lists as (select * from {{ ref("feed_code_lists") }}),

entries as (
    select
        'offences' as code_list,
        offence_code as category,
        valid_from,
        valid_to
    from {{ ref("offences") }}
    union all
    select
        'incident_categories',
        category,
        valid_from,
        valid_to
    from {{ ref("incident_categories") }}
)

select
    feed_code_lists.source_feed as feed,
    entries.category,
    entries.valid_from,
    entries.valid_to
from feed_code_lists
inner join entries
    on feed_code_lists.code_list = entries.code_list
union all
-- What a feed writes in other words is known too, and has its time.
select
    source_feed,
    spelling,
    valid_from,
    valid_to
from {{ ref("category_spellings") }}
where source_feed in (select feed_code_lists.source_feed from feed_code_lists)
union all
select
    source_feed,
    category,
    cast(null as date),
    cast(null as date)
from {{ ref("uncounted_categories") }}
union all
select
    source_feed,
    {{ each_item("categories") }},
    cast(null as date),
    cast(null as date)
from {{ ref("stg_ledger__own_feeds") }}
union all
-- A feed without a list may use what its measures count.
select distinct
    source_feed,
    category,
    cast(null as date),
    cast(null as date)
from {{ ref("measure_categories") }}
where source_feed not in (select feed_code_lists.source_feed from feed_code_lists)
