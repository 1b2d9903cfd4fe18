-- Detects: a public figure that rests on few people, is not rounded, or is of an area too small for it.
-- Usually means: a figure that does not come from int_indicators__shown.
-- Rows: the figures.

with rules as (
    select
        measures.measure_code,
        disclosure_rules.*
    from {{ ref("measures") }} as measures
    inner join {{ ref("disclosure_rules") }} as disclosure_rules
        on measures.disclosure_rule = disclosure_rules.disclosure_rule
    where {{ for_the_public() }}
),

numbers as (
    {% for number, measure in [
        ("numerator", "numerator_measure"), ("denominator", "denominator_measure"), ("base_count", "denominator_measure")
    ] %}
        select
            catalogue.indicator_code,
            figures.area_code,
            figures.area_level,
            figures.period_label,
            catalogue.{{ measure }} as measure_code,
            figures.{{ number }} as number
        from {{ ref("indicator_values") }} as figures
        inner join {{ ref("indicator_catalogue") }} as catalogue
            on figures.indicator_code = catalogue.indicator_code
        where figures.{{ number }} is not null
        {{ "union all" if not loop.last }}
    {% endfor %}
),

months as (
    select
        measure_code,
        area_code,
        area_level,
        {{ month_label("month") }} as period_label
    from {{ ref("measure_values") }}
    where value is not null
)

select numbers.*
from numbers
inner join rules
    on numbers.measure_code = rules.measure_code
where
    (numbers.number > 0 and numbers.number < rules.hidden_below)
    or numbers.number % rules.rounded_to <> 0
    or {{ list_holds("rules.withheld_area_levels", "numbers.area_level") }}
union all
select
    null,
    months.area_code,
    months.area_level,
    months.period_label,
    months.measure_code,
    null
from months
inner join rules
    on months.measure_code = rules.measure_code
where not rules.shows_months or {{ list_holds("rules.withheld_area_levels", "months.area_level") }}
