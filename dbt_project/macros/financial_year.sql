{# The financial year runs from 1 April to 31 March and is labelled 2021/22. #}

{# The first of April on or before a date. #}
{% macro financial_year_start(day) -%}
    make_date(cast(year({{ day }}) - case when month({{ day }}) < 4 then 1 else 0 end as integer), 4, 1)
{%- endmacro %}

{# The label of the financial year that starts at `start`. #}
{% macro financial_year_label(start) -%}
    cast(year({{ start }}) as string) || '/' || lpad(cast((year({{ start }}) + 1) % 100 as string), 2, '0')
{%- endmacro %}

{# The first of April of a labelled financial year. #}
{% macro financial_year_of_label(label) -%}
    make_date(cast(substr({{ label }}, 1, 4) as integer), 4, 1)
{%- endmacro %}

{# The label of a quarter, 2021/22 Q1 from April to June; `year_start` is the start of its financial year. #}
{% macro quarter_label(quarter_start, year_start) -%}
    {{ financial_year_label(year_start) }} || ' Q' || cast((quarter({{ quarter_start }}) + 2) % 4 + 1 as string)
{%- endmacro %}
