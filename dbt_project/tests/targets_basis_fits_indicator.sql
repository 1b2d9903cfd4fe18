-- Detects: a target on a count that names a rate, a target in points that names a count, and the like; a year that its indicator has not.
-- Usually means: the wrong indicator code in the plan, or 2008/09 for an indicator of calendar years, whose year is 2008.
-- Rows: the targets whose basis or periods are not those of their indicator.

with compared as (
    select
        targets.target_id,
        targets.basis,
        targets.baseline_period,
        targets.target_period,
        targets.indicator_code,
        indicators.formula_kind,
        indicators.frequency,
        case
            when indicators.formula_kind in ('count', 'sum') then 'count'
            when indicators.formula_kind in ('rate', 'standardised_rate') then 'rate'
            when
                indicators.formula_kind in (
                    'percentage', 'weighted_percentage', 'percentage_difference', 'rolling_average_change', 'gap'
                )
                then 'percentage'
            else indicators.formula_kind
        end as due_basis,
        case
            when indicators.frequency = 'calendar_year' then '^[0-9]{4}$'
            else '^[0-9]{4}/[0-9]{2}$'
        end as due_period
    from {{ ref("targets") }} as targets
    left join {{ ref("indicators") }} as indicators
        on targets.indicator_code = indicators.indicator_code
)

select *
from compared
where
    basis is distinct from due_basis
    or not regexp_matches(baseline_period, due_period)
    or not regexp_matches(target_period, due_period)
