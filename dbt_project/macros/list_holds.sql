{# Whether a list in one column, such as `force;district`, holds an item; null when either is null. #}
{% macro list_holds(list, item, separator=";") -%}
    instr('{{ separator }}' || {{ list }} || '{{ separator }}', '{{ separator }}' || {{ item }} || '{{ separator }}') > 0
{%- endmacro %}
