with graded as (select * from {{ ref("int_street_cleanliness__graded") }} where is_heard and not is_of_other_ward),
rules as (select * from {{ ref("cleanliness_sample_rules") }}),

by_land_use as (
    select
        home_area_code,
        tranche_start,
        element,
        land_use,
        count(*) as transects,
        count(fail_weight) as graded_transects
    from graded
    group by home_area_code, tranche_start, element, land_use
),

by_tranche as (
    select
        by_land_use.home_area_code,
        by_land_use.tranche_start,
        by_land_use.element,
        sum(by_land_use.transects) as transects,
        sum(by_land_use.graded_transects) as graded_transects,
        max(rules.minimum_transects) as minimum_transects,
        max(rules.minimum_per_land_use) as minimum_per_land_use,
        {{ listed(
            "case when by_land_use.transects < rules.minimum_per_land_use "
            "then by_land_use.land_use || ' ' || cast(by_land_use.transects as string) end"
        ) }} as short_land_uses
    from by_land_use
    cross join rules
    group by by_land_use.home_area_code, by_land_use.tranche_start, by_land_use.element
),

worded as (
    select
        *,
        {{ financial_year_label(financial_year_start("tranche_start")) }} as year_label,
        {{ tranche_label("tranche_start", financial_year_start("tranche_start")) }} as period_label,
        nullif(
            concat_ws(
                '; ',
                case
                    when transects < minimum_transects
                        then
                            cast(cast(transects as integer) as string) || ' transects where '
                            || cast(minimum_transects as string) || ' are due'
                end,
                case
                    when short_land_uses is not null
                        then
                            'fewer than ' || cast(minimum_per_land_use as string) || ' transects of: ' || short_land_uses
                end,
                case
                    when graded_transects < transects
                        then
                            cast(cast(transects - graded_transects as integer) as string) || ' of '
                            || cast(cast(transects as integer) as string) || ' transects not graded for it'
                end
            ),
            ''
        ) as shortfall
    from by_tranche
),

noted as (
    select
        home_area_code,
        element,
        'tranche' as period_type,
        period_label,
        shortfall as note
    from worded
    where shortfall is not null
    union all
    select
        home_area_code,
        element,
        'financial_year' as period_type,
        year_label as period_label,
        {{ listed("substr(period_label, 9) || ': ' || shortfall") }} as note
    from worded
    where shortfall is not null
    group by home_area_code, element, year_label
)

select
    'ni_195_' || element || '_below_b' as measure_code,
    'council/street_cleanliness' as feed,
    home_area_code as area_code,
    period_type,
    period_label,
    note
from noted
