{# An ICD-10 code in one spelling: capitals without dot, dash or the X that fills up a code of three characters; four at most. #}

{% macro icd10_code(column) -%}
    {%- set plain = "left(replace(replace(upper(" ~ column ~ "), '.', ''), '-', ''), 4)" -%}
    case when {{ plain }} like '___X' then left({{ plain }}, 3) else {{ plain }} end
{%- endmacro %}
