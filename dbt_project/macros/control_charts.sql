{#
Three points in a row can end at a point, have it in their middle or start at it: in each of the three, how many are near a limit on
the side that `condition` names.
#}
{% macro near_in_window(condition) -%}
    {%- for window in ["ending", "around", "starting"] -%}
        count(case when {{ condition }} then 1 end) over three_{{ window }}{{ ", " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# The windows that `near_in_window` counts in. #}
{% macro near_windows() -%}
    {%- set frames = {
        "ending": "2 preceding and current row", "around": "1 preceding and 1 following", "starting": "current row and 2 following"
    } -%}
    {%- for window, frame in frames.items() %}
        three_{{ window }} as (
            partition by chart, indicator_code, area_code, series_start, stretch_number order by point_number rows between {{ frame }}
        ){{ "," if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
