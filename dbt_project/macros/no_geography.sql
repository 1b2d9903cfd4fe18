{# The area that stands for the rows of a force without a known area of this level, so that every level adds up to the force. #}
{% macro no_geography_code(force_code, area_level) -%}
    {{ force_code }} || '-no-{{ area_level }}'
{%- endmacro %}
