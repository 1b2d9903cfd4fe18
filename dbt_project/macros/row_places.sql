{#
The last columns of a row to count, as int_rows__shaped adds them up: where it happened, by whatever the feed tells of it. `area_key` is
a key of int_areas__keyed. What the feed does not tell is null.
#}
{% macro row_places(lsoa_code=none, ward_code=none, beat_code=none, locality=none, area_key=none) -%}
    {% for name, column in [
        ("lsoa_code", lsoa_code), ("ward_code", ward_code), ("beat_code", beat_code), ("locality", locality), ("area_key", area_key)
    ] -%}
        {{ column or "cast(null as string)" }} as {{ name }}{{ "," if not loop.last }}
    {% endfor %}
{%- endmacro %}
