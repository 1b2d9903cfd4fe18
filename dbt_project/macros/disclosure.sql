{# Whether the tables are for everybody, so that the rules of `disclosure_rules` hold, or, with the var `audience`, for the partners alone. #}
{% macro for_the_public() -%}
    {%- if var("audience") not in ["public", "partners"] -%}
        {{ exceptions.raise_compiler_error("the var audience is public or partners, not " ~ var("audience")) }}
    {%- endif -%}
    {{ "true" if var("audience") == "public" else "false" }}
{%- endmacro %}

{# A figure to the nearest `step` of a count, each one of which makes `rate_of_one` of it; the figure itself where there is no step. #}
{% macro to_the_nearest(figure, step, rate_of_one="1") -%}
    case
        when {{ step }} is null then {{ figure }}
        else round(round({{ figure }} / ({{ step }} * {{ rate_of_one }})) * ({{ step }} * {{ rate_of_one }}), 12)
    end
{%- endmacro %}

{# What is said of every hidden figure: any other word would tell which of the reasons it is. #}
{% macro hidden_note() -%}
    'suppressed: too few people, or too small an area, to be shown'
{%- endmacro %}
