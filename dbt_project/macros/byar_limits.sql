{# Byar's approximation to the 95% limits of a Poisson mean, for counts of ten and more. #}

{% macro byar_lower(observed) -%}
    {{ observed }} * power(1 - 1 / (9 * {{ observed }}) - 1.959963984540054 / (3 * sqrt({{ observed }})), 3)
{%- endmacro %}

{% macro byar_upper(observed) -%}
    ({{ observed }} + 1)
    * power(1 - 1 / (9 * ({{ observed }} + 1)) + 1.959963984540054 / (3 * sqrt({{ observed }} + 1)), 3)
{%- endmacro %}
