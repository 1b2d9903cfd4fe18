{#
What is shown of each figure's parts: the one place where the disclosure rules of the measures behind it are applied. All that is
computed from parts (values, limits, gaps, changes, ranks) is so computed from what is shown. Each part is rounded by itself.
#}
with parts as (
    select * from {{ ref("int_indicators__measured") }}
    union all by name
    select * from {{ ref("int_indicators__added") }}
),

indicators as (select * from {{ ref("indicators") }}),

measures_behind as (
    {% for measure in ["numerator_measure", "denominator_measure"] %}
        select
            indicator_code,
            {{ measure }} as measure_code
        from indicators
        union all
    {% endfor %}
    select
        sums.indicator_code,
        indicators.numerator_measure
    from {{ ref("indicator_sums") }} as sums
    inner join indicators
        on sums.part_indicator = indicators.indicator_code
),

-- A figure goes by the strictest of the rules behind it.
rules as (
    select
        measures_behind.indicator_code,
        max(disclosure_rules.hidden_below) as hidden_below,
        max(disclosure_rules.rounded_to) as rounded_to,
        string_agg(disclosure_rules.withheld_area_levels, ';') as withheld_area_levels
    from measures_behind
    inner join {{ ref("measures") }} as measures
        on measures_behind.measure_code = measures.measure_code
    inner join {{ ref("disclosure_rules") }} as disclosure_rules
        on measures.disclosure_rule = disclosure_rules.disclosure_rule
    where {{ for_the_public() }}
    group by measures_behind.indicator_code
),

ruled as (
    select
        parts.*,
        rules.rounded_to,
        -- Populations are open data; what else a figure is divided by was counted as its numerator was.
        case when parts.denominator is null then rules.rounded_to end as denominator_rounded_to,
        coalesce({{ list_holds("rules.withheld_area_levels", "parts.area_level") }}, false)
        or coalesce({{ for_the_public() }} and parts.base_count < indicators.minimum_base, false)
        -- A sum is of rows: twelve convictions can be those of two people.
        or coalesce(
            parts.numerator > 0
            and least(parts.numerator, parts.numerator_row_count, parts.smallest_part) < rules.hidden_below,
            false
        )
        or coalesce(
            parts.denominator is null
            and parts.denominator_value > 0
            and least(parts.denominator_value, parts.base_count) < rules.hidden_below,
            false
        ) as is_suppressed
    from parts
    inner join indicators
        on parts.indicator_code = indicators.indicator_code
    left join rules
        on parts.indicator_code = rules.indicator_code
)

select
    * exclude (
        rounded_to,
        numerator,
        denominator_value,
        base_count,
        effective_base,
        standardised_rate,
        standardised_lower,
        standardised_upper,
        denominator_rounded_to
    ),
    case when not is_suppressed then rounded_to end as rounded_to,
    {% for part in ["numerator", "base_count", "effective_base"] %}
        case when not is_suppressed then {{ to_the_nearest(part, "rounded_to") }} end as {{ part }},
    {% endfor %}
    {% for part in ["standardised_rate", "standardised_lower", "standardised_upper"] %}
        case when not is_suppressed then {{ to_the_nearest(part, "rounded_to", "standardised_rate_of_one") }} end as {{ part }},
    {% endfor %}
    case when not is_suppressed then {{ to_the_nearest("denominator_value", "denominator_rounded_to") }} end as denominator_value
from ruled
