{#
A Home Office offence code in one spelling. A class stays as it is without leading zeros (028A is 28A, 126, 4.1); a code with
subcode becomes class/subcode (028/01 and 2801 are 28/1): four or five digits without a slash are class and two-digit subcode.
#}
{% macro offence_code_spelling(code) -%}
    {%- set plain = "upper(trim(replace(" ~ code ~ ", '''', '')))" -%}
    case
        when {{ plain }} like '%/%'
            then
                regexp_replace(split_part({{ plain }}, '/', 1), '^0+', '')
                || '/' || coalesce(nullif(regexp_replace(split_part({{ plain }}, '/', 2), '^0+', ''), ''), '0')
        when length({{ plain }}) in (4, 5) and try_cast({{ plain }} as bigint) is not null and {{ plain }} not like '%.%'
            then
                regexp_replace(substr({{ plain }}, 1, length({{ plain }}) - 2), '^0+', '')
                || '/' || coalesce(nullif(regexp_replace(substr({{ plain }}, length({{ plain }}) - 1), '^0+', ''), ''), '0')
        else regexp_replace({{ plain }}, '^0+', '')
    end
{%- endmacro %}
