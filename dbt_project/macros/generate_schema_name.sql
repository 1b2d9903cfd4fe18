{# The schema is the layer's own name: folder, selector, Dagster group and schema are one word. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
