{# Severity of STATS19: 1 fatal, 2 serious, 3 slight. #}
{% macro road_severity(number) -%}
    case {{ number }} when 1 then 'fatal' when 2 then 'serious' when 3 then 'slight' end
{%- endmacro %}
