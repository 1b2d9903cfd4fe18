{#
The staging models whose rows are kept as cells, each with its feed. Such a model reads one raw source and nothing else, gives one row for
each delivered row, and nothing but the cells is made of it. No record of its feed is judged by other deliveries (feeds_of_records).
#}
{% macro feeds_in_cells() -%}
    {{ return([
        ("stg_police__street_crime", "police/street_crime"),
        ("stg_police__road_casualties", "police/road_casualties"),
    ]) }}
{%- endmacro %}


{#
The folder of the cells that earlier nights have kept, which `csp nightly` has checked; empty when every delivery is to be read. Parsing
does not ask, so that what was parsed stays true when it changes.
#}
{% macro kept_cells() %}{{ return(env_var("CSP_KEPT_CELLS", "") if execute else "") }}{% endmacro %}


{#
The condition by which of a feed only the deliveries without kept cells are read: DuckDB does not open what lies between. Tests of
delivered rows obey it too (argument `feed_in_cells`): no cells are kept of a delivery before it has passed them.
#}
{% macro has_no_kept_cells(feed) %}{{ return(adapter.dispatch("has_no_kept_cells")(feed)) }}{% endmacro %}

{# Elsewhere the raw rows are of those deliveries alone from the start. #}
{% macro default__has_no_kept_cells(feed) %}true{% endmacro %}

{% macro duckdb__has_no_kept_cells(feed) -%}
    {%- if kept_cells() -%}
        file_sha256 in (
            select without_cells.file_sha256
            from
                read_json(
                    '{{ kept_cells() }}/without_cells.jsonl',
                    format = 'newline_delimited',
                    columns = {feed: 'varchar', file_sha256: 'varchar'}
                ) as without_cells
            where without_cells.feed = '{{ feed }}'
        )
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
