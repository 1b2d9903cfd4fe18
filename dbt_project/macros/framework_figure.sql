{# What every framework shows of a figure: its area, its period, the figure itself. #}
{% macro framework_figure() %}
    {% for column in [
        "area_code", "area_name", "area_level", "is_context", "period_label", "period_start", "period_end",
        "value", "lower_95", "upper_95", "unit", "polarity", "polarity_contested",
    ] %}
        figured.{{ column }}{% if not loop.last %},{% endif %}
    {% endfor %}
{% endmacro %}


{# And how far it can be relied on; what it is shown beside may be made up as well. #}
{% macro framework_figure_status(is_synthetic="figured.is_synthetic") %}
    figured.status,
    figured.definition_status,
    {{ is_synthetic }} as is_synthetic,
    figured.is_suppressed,
    figured.comparable,
    figured.figure_status,
    figured.note
{% endmacro %}
