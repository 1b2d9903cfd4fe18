{# The logarithm of the probability of `outcome` out of `total` at `share`. #}
{% macro log_binomial(outcome, total, share) -%}
    {{ log_gamma(total ~ " + 1") }} - {{ log_gamma(outcome ~ " + 1") }} - {{ log_gamma(total ~ " - " ~ outcome ~ " + 1") }}
    + {{ outcome }} * ln({{ share }}) + ({{ total }} - {{ outcome }}) * ln(1 - {{ share }})
{%- endmacro %}
