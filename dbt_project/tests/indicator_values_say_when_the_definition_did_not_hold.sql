-- Detects: a figure of a time when its definition did not hold yet, or no longer, without a word of it.
-- Usually means: a note that was lost on the way from the catalogue.
-- Rows: the figures, with the days between which the definition holds.

with figures as (select * from {{ ref("indicator_values") }} where not is_suppressed),
catalogue as (select * from {{ ref("indicator_catalogue") }})

select
    figures.*,
    catalogue.valid_from,
    catalogue.valid_to
from figures
inner join catalogue
    on figures.indicator_code = catalogue.indicator_code
where
    (
        figures.period_start < catalogue.valid_from
        and not coalesce(figures.note like '%the definition holds from ' || catalogue.valid_from || '%', false)
    )
    or (
        figures.period_end > catalogue.valid_to
        and not coalesce(figures.note like '%the definition held until ' || catalogue.valid_to || '%', false)
    )
