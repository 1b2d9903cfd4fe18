-- Detects: an incomplete period with a numerator or a value, or without a word of what is missing; a complete one without a numerator.
-- Usually means: a month without a delivery was added up as zero.
-- Rows: the figures, with the kind of their formula.

select
    figures.*,
    indicators.formula_kind
from {{ ref("indicator_values") }} as figures
inner join {{ ref("indicators") }} as indicators
    on figures.indicator_code = indicators.indicator_code
where
    not figures.is_suppressed
    and not coalesce(
        case
            when figures.is_complete
                then figures.numerator is not null or indicators.formula_kind = 'gap' or figures.note like '%four complete calendar years%'
            else
                figures.numerator is null
                and figures.value is null
                and (figures.note like '%missing%' or figures.note like '%still to come%')
        end,
        false
    )
