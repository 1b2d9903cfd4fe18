{# The first of the month of a day. #}
{% macro month_of(day) %}cast(date_trunc('month', {{ day }}) as date){% endmacro %}

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

{# The first day of a labelled year: 2021/22 is a financial year, 2021 a calendar year. #}
{% macro year_of_label(label) -%}
    make_date(cast(substr({{ label }}, 1, 4) as integer), case when {{ label }} like '%/%' then 4 else 1 end, 1)
{%- endmacro %}

{# The label of a quarter, 2021/22 Q1 from April to June; `year_start` is the start of its financial year. #}
{% macro quarter_label(quarter_start, year_start) -%}
    {{ financial_year_label(year_start) }} || ' Q' || cast((quarter({{ quarter_start }}) + 2) % 4 + 1 as string)
{%- endmacro %}

{# The first day of the third of a financial year that holds a month: tranches start in April, August and December (NI 195). #}
{% macro tranche_start(month) -%}
    {{ add_months(financial_year_start(month), "4 * floor((month(" ~ month ~ ") + 8) % 12 / 4)") }}
{%- endmacro %}

{# The label of a tranche, 2008/09 tranche 1 from April to July; `year_start` is the start of its financial year. #}
{% macro tranche_label(tranche_start, year_start) -%}
    {{ financial_year_label(year_start) }} || ' tranche '
    || cast(cast((month({{ tranche_start }}) + 8) % 12 / 4 + 1 as integer) as string)
{%- endmacro %}
