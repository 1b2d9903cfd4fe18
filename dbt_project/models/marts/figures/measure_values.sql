with monthly as (select * from {{ ref("int_measures__monthly") }}),
measure_levels as (select * from {{ ref("measure_levels") }}),

judged as (
    select
        monthly.*,
        measure_levels.is_suppressed
    from monthly
    inner join measure_levels
        on
            monthly.measure_code = measure_levels.measure_code
            and monthly.area_level = measure_levels.area_level
    -- A merged district counts until it went into another, and that one from then on.
    left join {{ ref("int_districts__dated") }} as districts_dated
        on monthly.area_code = districts_dated.district_code
    where
        monthly.month between coalesce(districts_dated.first_day, monthly.month) and coalesce(districts_dated.last_day, monthly.month)
        -- A row without its value would tell that something was counted, where no zero is beside it.
        and (measure_levels.keeps_zeros or not measure_levels.is_suppressed)
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
