-- Detects: a target followed month by month on an indicator whose counts are suppressed when they are small.
-- Usually means: a plan row that names such an indicator; actuals, profiles and changes of a target would give hidden counts back.
-- A target whose figures are of whole years is followed by what is published of them, and may name one.
-- Rows: the targets.

select distinct
    targets.target_id,
    targets.indicator_code,
    measures.disclosure_rule
from {{ ref("int_targets__followed") }} as followed
inner join {{ ref("plan_targets") }} as targets
    on followed.target_id = targets.target_id
inner join {{ ref("indicator_catalogue") }} as catalogue
    on targets.indicator_code = catalogue.indicator_code
inner join {{ ref("measures") }} as measures
    on measures.measure_code in (catalogue.numerator_measure, catalogue.denominator_measure)
inner join {{ ref("disclosure_rules") }} as rules
    on measures.disclosure_rule = rules.disclosure_rule
where not rules.shows_months
