{# A code as sent, where it looks like one: a text could be anything, a name too, and is not repeated. #}
{% macro code_shown(code) -%}
    case
        when length({{ code }}) <= 8 and {{ code }} not like '% %' and translate({{ code }}, '0123456789', '') <> {{ code }}
            then {{ code }}
        else 'a text'
    end
{%- endmacro %}

{# The class of an offence code: the digits that it starts with; empty where it starts with none. #}
{% macro code_class(code) -%}
    regexp_replace({{ code }}, '[^0-9].*$', '')
{%- endmacro %}
