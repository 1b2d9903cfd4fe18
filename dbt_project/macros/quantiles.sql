{#
The value so many `places`, whole or not, after the first of a sorted list, between two of its values in proportion; with `from_end`
"-" so many before the last. DuckDB's own quantile takes a constant alone.
#}
{% macro quantile_of_sorted(list, places, from_end="") -%}
    {%- set near = list ~ "[" ~ from_end ~ "cast(floor(" ~ places ~ ") + 1 as bigint)]" -%}
    {%- set next = list ~ "[" ~ from_end ~ "cast(ceil(" ~ places ~ ") + 1 as bigint)]" -%}
    {{ near }} + ({{ places }} - floor({{ places }})) * ({{ next }} - {{ near }})
{%- endmacro %}
