{# Estimates of areas as they are published, else as they add up from their parts: `summed` is a CTE, `codes` a SELECT. #}
{% macro published_or(summed, codes) -%}
    select
        area_code,
        mid_year,
        kind,
        estimate,
        source,
        is_synthetic,
        series_to
    from populations
    where area_code in ({{ codes }})
    union all
    select summed.*
    from {{ summed }} as summed
    left join populations
        on
            summed.area_code = populations.area_code
            and summed.mid_year = populations.mid_year
            and summed.kind = populations.kind
    where populations.area_code is null
{%- endmacro %}
