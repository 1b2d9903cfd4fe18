{# Which own feeds there are is known when the model runs; when the project is parsed nobody has asked yet. #}
{% set every_own_feed = "select * from " ~ source("ledger", "own_feeds") ~ " order by source_feed" %}
{% set own_feeds = run_query(every_own_feed).rows if execute else [] %}

{% for feed in own_feeds %}
    {{ own_feed_rows(feed) }}
    union all
{% endfor %}
-- Of none: what stands above is added to it.
select
    cast(null as string) as feed,
    cast(null as string) as file_sha256,
    cast(null as bigint) as row_number,
    cast(null as string) as record_key,
    cast(null as date) as month,
    cast(null as string) as category,
    cast(null as string) as tags,
    cast(null as double) as counts_for,
    {{ row_places() }}
where false
