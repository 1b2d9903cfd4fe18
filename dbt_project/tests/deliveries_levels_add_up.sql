-- Detects: a delivery whose rows do not add up to the same total at every area level.
-- Usually means: rows of one force lost or counted twice in attribution, hidden where several forces add up together.
-- Rows: one per delivery, month and measure, with the least and the greatest total of a level.

with totals as (
    select
        feed,
        file_sha256,
        month,
        measure_code,
        area_level,
        sum(value) as total
    from {{ ref("int_measures__by_delivery") }}
    left join {{ ref("int_districts__dated") }} as dated
        on area_code = dated.district_code
    where
        area_level in ('force', 'fire_service', 'district', 'ward', 'lsoa', 'beat')
        and month between coalesce(dated.first_day, month) and coalesce(dated.last_day, month)
    group by feed, file_sha256, month, measure_code, area_level
)

select
    feed,
    file_sha256,
    month,
    measure_code,
    min(total) as least_total,
    max(total) as greatest_total
from totals
group by feed, file_sha256, month, measure_code
-- Weights and fractions are added up in another order.
having max(total) - min(total) > 0.000001
