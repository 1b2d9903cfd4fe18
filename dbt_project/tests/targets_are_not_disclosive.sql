-- Detects: a target on figures that suppression may hide: month by month they could be worked back from it.
-- Usually means: a target was set on people's data; follow it by a measure that hides nobody, or by the published year.
-- Rows: the targets, with the measure and its rule.
{{ config(meta={
    "dagster": {"ref": {"name": "targets"}},
    "description": "No target rests on a measure that is suppressed anywhere."
}) }}

select
    targets.target_id,
    measures.measure_code,
    measures.disclosure_rule
from {{ ref("targets") }} as targets
inner join {{ ref("indicators") }} as indicators
    on targets.indicator_code = indicators.indicator_code
inner join {{ ref("measures") }} as measures
    on measures.measure_code in (indicators.numerator_measure, indicators.denominator_measure)
where measures.disclosure_rule <> 'none'
