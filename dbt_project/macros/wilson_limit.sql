{# Wilson's 95% limit of the proportion `part` / `whole`, the lower one with side "-", the upper one with "+". #}
{% macro wilson_limit(part, whole, side) -%}
    case
        when {{ whole }} > 0
            then greatest(0, least(1,
                (
                    2 * {{ part }} + 3.841458820694124
                    {{ side }} 1.959963984540054 * sqrt(3.841458820694124 + 4 * {{ part }} * (1 - {{ part }} / {{ whole }}))
                ) / (2 * ({{ whole }} + 3.841458820694124))
            ))
    end
{%- endmacro %}
