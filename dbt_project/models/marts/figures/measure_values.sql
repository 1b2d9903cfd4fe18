with monthly as (select * from {{ ref("int_measures__monthly") }}),
measures as (select * from {{ ref("measures") }}),
disclosure_rules as (select * from {{ ref("disclosure_rules") }}),

-- Months of counts of people only open more sums, so none of them is shown.
judged as (
    select
        monthly.*,
        {{ for_the_public() }}
        and (
            not disclosure_rules.shows_months
            or {{ list_holds("coalesce(disclosure_rules.withheld_area_levels, '')", "monthly.area_level") }}
        ) as is_suppressed
    from monthly
    inner join measures
        on monthly.measure_code = measures.measure_code
    inner join disclosure_rules
        on measures.disclosure_rule = disclosure_rules.disclosure_rule
)

select
    measure_code,
    area_code,
    area_level,
    month,
    case when not is_suppressed then value end as value,
    source_feed,
    is_synthetic,
    is_suppressed
from judged
order by measure_code, area_code, month
