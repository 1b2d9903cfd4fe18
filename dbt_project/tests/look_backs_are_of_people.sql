-- Detects: a measure that earlier deliveries decide, and of which `revisions` would have to show what it was before.
-- Usually means: a new look-back on a feed of events. Its earlier values are kept nowhere, so revisions would be silent about them.
-- Rows: the measures, with their disclosure rule.

select
    look_backs.measure_code,
    measures.disclosure_rule
from {{ ref("measure_look_backs") }} as look_backs
inner join {{ ref("measures") }} as measures
    on look_backs.measure_code = measures.measure_code
inner join {{ ref("disclosure_rules") }} as disclosure_rules
    on measures.disclosure_rule = disclosure_rules.disclosure_rule
where disclosure_rules.shows_months
