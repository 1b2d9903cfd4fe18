{#
The rows of a partnership's own feed in the shape of int_rows__shaped, by the columns that its contract names. A tag is the column's name and
its value, such as `alarm_fitted true`; a blank value gives none. A withdrawn or replaced delivery may have been typed by an earlier version of the contract: read together, the column is
text then, so it is cast to the type of now; nothing counts of such a delivery.
#}
{% macro own_feed_rows(feed) -%}
select
    '{{ feed.source_feed }}' as feed,
    file_sha256,
    row_number,
    {{ column_as_text(feed.record_column) }} as record_key,
    {{ month_of("try_cast(" ~ adapter.quote(feed.date_column) ~ " as date)") if feed.date_column else "cast(null as date)" }} as month,
    {{ column_as_text(feed.category_column) if feed.category_column else "'" ~ feed.category_of_all ~ "'" }} as category,
    {% if feed.tag_columns -%}
    concat_ws(
        ';',
        {%- for column in feed.tag_columns.split(",") %}
        '{{ column }} ' || replace({{ column_as_text(column) }}, ';', ','){{ "," if not loop.last }}
        {%- endfor %}
    ) as tags,
    {%- else -%}
    '' as tags,
    {%- endif %}
    try_cast({{ adapter.quote(feed.counts_for_column) if feed.counts_for_column else 1 }} as double) as counts_for,
    {{ row_places(
        lsoa_code=adapter.quote(feed.lsoa_column) if feed.lsoa_column,
        ward_code=adapter.quote(feed.ward_column) if feed.ward_column,
        beat_code=adapter.quote(feed.beat_column) if feed.beat_column,
        locality=adapter.quote(feed.locality_column) if feed.locality_column,
        area_key=(
            "'ons:' || upper(" ~ adapter.quote(feed.district_column) ~ ")" if feed.district_column
            else "'csp:' || lower(" ~ adapter.quote(feed.partnership_column) ~ ")" if feed.partnership_column
        )
    ) }}
from read_parquet('{{ env_var("CSP_DATA_DIR") }}/raw/{{ feed.source_feed }}/*.parquet', union_by_name = true)
{%- endmacro %}

{# A column of an own feed as text; null where the contract names none. #}
{% macro column_as_text(column) -%}
    cast({{ adapter.quote(column) if column else "null" }} as string)
{%- endmacro %}
