-- Detects: a target on an indicator whose counts are suppressed when they are small.
-- Usually means: a plan row that names such an indicator; actuals, profiles and changes of a target would give hidden counts back.
-- Rows: the targets.
{{ config(meta={
    "dagster": {"ref": {"name": "plan_targets"}},
    "description": "No target follows, month by month, an indicator that counts people."
}) }}

select
    targets.target_id,
    targets.indicator_code,
    measures.disclosure_rule
from {{ ref("plan_targets") }} as targets
inner join {{ ref("indicator_catalogue") }} as catalogue
    on targets.indicator_code = catalogue.indicator_code
inner join {{ ref("measures") }} as measures
    on measures.measure_code in (catalogue.numerator_measure, catalogue.denominator_measure)
inner join {{ ref("disclosure_rules") }} as rules
    on measures.disclosure_rule = rules.disclosure_rule
where not rules.shows_months
