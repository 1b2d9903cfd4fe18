-- Detects: a target on a count that names a rate, a target in points that names a count, and the like.
-- Usually means: the wrong indicator code in the plan.
-- Rows: the targets whose basis is not the kind of their indicator.
{{ config(meta={
    "dagster": {"ref": {"name": "targets"}},
    "description": "A target on counts names a count indicator, a target on rates a rate, a target on a percentage a percentage."
}) }}

select
    targets.target_id,
    targets.basis,
    targets.indicator_code,
    indicators.formula_kind
from {{ ref("targets") }} as targets
left join {{ ref("indicators") }} as indicators
    on targets.indicator_code = indicators.indicator_code
where
    targets.basis is distinct from
    case indicators.formula_kind when 'weighted_percentage' then 'percentage' else indicators.formula_kind end
