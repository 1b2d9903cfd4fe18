{#
The schema is the layer's own name: folder, selector, Dagster group and schema are one word. What is made a second time for partners
(the var `forked` names it, see orchestration/dbt/fork.py) stands in a schema of its own, and reads the rest where it is.
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ "partners_" if node.name in var("forked", []) }}{{ custom_schema_name or target.schema }}
{%- endmacro %}
