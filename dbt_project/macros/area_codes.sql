{# All areas that a located row counts in, separated by comma and space. Made where it is read: a text that long of each row costs to keep. #}
{% macro area_codes(located) -%}
    concat_ws(
        ', ',
        {%- for level in ["home_area", "county", "merged_district", "district", "ward", "lsoa", "beat", "csp"] %}
        {{ located }}.{{ level }}_code,
        {%- endfor %}
        {{ located }}.local_area_codes
    )
{%- endmacro %}
