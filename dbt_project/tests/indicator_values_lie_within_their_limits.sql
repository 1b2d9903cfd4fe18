-- Detects: a value that lies outside its limits, or lacks one of them or their method; limits or a method where there is no value.
-- Usually means: the limits were made of other numbers than the value.
-- Rows: the figures, with the kind of their formula.

select
    figures.*,
    indicators.formula_kind
from {{ ref("indicator_values") }} as figures
inner join {{ ref("indicators") }} as indicators
    on figures.indicator_code = indicators.indicator_code
where
    not coalesce(
        case
            when
                figures.value is null
                or figures.numerator < 0
                or indicators.formula_kind in ('rolling_average_change', 'percentage_difference', 'ratio', 'mean_score')
                then figures.lower_95 is null and figures.upper_95 is null and figures.interval_method is null
            else
                figures.lower_95 <= figures.value + 0.000001
                and figures.value <= figures.upper_95 + 0.000001
                and figures.interval_method is not null
        end,
        false
    )
