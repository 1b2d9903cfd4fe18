-- Detects: a target that would have an indicator get worse, or whose type says something else than its change.
-- Usually means: the wrong type or sign in the plan's row.
-- Rows: the targets, with the good direction of their indicator.

select
    targets.target_id,
    targets.target_type,
    targets.target_change_pct,
    targets.target_change_points,
    targets.target_absolute,
    indicators.polarity
from {{ ref("targets") }} as targets
inner join {{ ref("indicators") }} as indicators
    on targets.indicator_code = indicators.indicator_code
where
    -- Where it is contested which way is good, a partnership may want either.
    (
        not indicators.polarity_contested
        and (
            (targets.target_type = 'reduction' and indicators.polarity = 'higher_is_better')
            or (targets.target_type = 'increase' and indicators.polarity = 'lower_is_better')
        )
    )
    or case targets.target_type
        when 'reduction' then coalesce(targets.target_change_pct, targets.target_change_points) >= 0
        when 'increase' then coalesce(targets.target_change_pct, targets.target_change_points) <= 0
        when 'maintain' then coalesce(targets.target_change_pct, targets.target_change_points) <> 0
        when 'absolute' then targets.target_absolute is null
        else targets.target_status <> 'not_set'
    end
