-- Indicators that are defined otherwise than in the release before, are new, or are gone.
select
    coalesce(now.indicator_code, before.indicator_code) as indicator_code,
    coalesce(now.title, before.title) as title,
    case
        when before.indicator_code is null then 'new'
        when now.indicator_code is null then 'no longer there'
        else concat_ws(
            ', ',
            case when now.definition is distinct from before.definition then 'another definition' end,
            case
                when
                    (now.formula_kind, now.numerator_measure, now.denominator, now.multiplier)
                    is distinct from (before.formula_kind, before.numerator_measure, before.denominator, before.multiplier)
                    then 'counted otherwise'
            end,
            case
                when now.definition_status is distinct from before.definition_status
                    then 'definition ' || before.definition_status || ' before, ' || now.definition_status || ' now'
            end,
            case when now.polarity is distinct from before.polarity then 'good is ' || replace(now.polarity, '_', ' ') end
        )
    end as change
from indicators as now
full join previous.indicators as before on now.indicator_code = before.indicator_code
where
    now.indicator_code is null
    or before.indicator_code is null
    or (now.definition, now.formula_kind, now.numerator_measure, now.denominator, now.multiplier, now.definition_status, now.polarity)
    is distinct from (
        before.definition, before.formula_kind, before.numerator_measure, before.denominator, before.multiplier,
        before.definition_status, before.polarity
    )
order by indicator_code
