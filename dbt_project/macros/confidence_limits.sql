{# The 95% limits of what is published. #}

{# Byar's approximation to the limits of a Poisson mean, for counts of ten and more. #}
{% macro byar_lower(observed) -%}
    {{ observed }} * power(1 - 1 / (9 * {{ observed }}) - 1.959963984540054 / (3 * sqrt({{ observed }})), 3)
{%- endmacro %}

{% macro byar_upper(observed) -%}
    ({{ observed }} + 1)
    * power(1 - 1 / (9 * ({{ observed }} + 1)) + 1.959963984540054 / (3 * sqrt({{ observed }} + 1)), 3)
{%- endmacro %}

{# The limits of a Poisson mean: Byar's from ten, below exact ones of the seed poisson_limits, which is joined on observed_count. #}
{% macro poisson_lower(observed) -%}
    case when {{ observed }} >= 10 then {{ byar_lower(observed) }} else poisson_limits.lower_95 end
{%- endmacro %}

{% macro poisson_upper(observed) -%}
    case when {{ observed }} >= 10 then {{ byar_upper(observed) }} else poisson_limits.upper_95 end
{%- endmacro %}

{# Wilson's limit of the proportion `part` / `whole`, the lower one with side "-", the upper one with "+". #}
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

{# Newcombe's limits of the difference of two proportions from the limits of each. #}
{% macro newcombe_lower(value, lower, subtracted, subtracted_upper) -%}
    {{ value }} - {{ subtracted }} - sqrt(power({{ value }} - {{ lower }}, 2) + power({{ subtracted_upper }} - {{ subtracted }}, 2))
{%- endmacro %}

{% macro newcombe_upper(value, upper, subtracted, subtracted_lower) -%}
    {{ value }} - {{ subtracted }} + sqrt(power({{ upper }} - {{ value }}, 2) + power({{ subtracted }} - {{ subtracted_lower }}, 2))
{%- endmacro %}
