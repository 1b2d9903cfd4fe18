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
    -- A merged district counts until it went into another, and that one from then on.
    left join {{ ref("int_districts__dated") }} as districts_dated
        on monthly.area_code = districts_dated.district_code
    where
        monthly.month between coalesce(districts_dated.first_day, monthly.month) and coalesce(districts_dated.last_day, monthly.month)
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
