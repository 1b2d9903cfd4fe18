{#
A code as sent, where it looks like one, such as 104/25, 8B or P1X: a text could be anything, a postcode or a date of birth too, and is not
repeated. Where rows are people nothing is.
#}
{% macro code_shown(code, rows_are_people) -%}
    case
        when
            not coalesce({{ rows_are_people }}, true)
            and regexp_replace({{ code }}, '^[A-Za-z]{0,3}[0-9]{1,5}[A-Za-z]?([/.-][0-9]{1,3}[A-Za-z]?)?$', '') = ''
            then {{ code }}
        else 'a text'
    end
{%- endmacro %}

{# The class of an offence code: the digits that it starts with; empty where it starts with none. #}
{% macro code_class(code) -%}
    regexp_replace({{ code }}, '[^0-9].*$', '')
{%- endmacro %}
