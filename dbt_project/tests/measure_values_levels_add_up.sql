-- Detects: districts, wards, LSOAs or beats that do not add up to one total in a month.
-- Usually means: rows lost or counted twice in attribution, often an LSOA missing from or doubled in the look-up.
-- Rows: one per measure and month, with the least and the greatest total of a level.

with totals as (
    select
        measure_code,
        month,
        area_level,
        sum(value) as total
    from {{ ref("int_measures__monthly") }}
    where area_level in ('district', 'ward', 'lsoa', 'beat')
    group by measure_code, month, area_level
)

select
    measure_code,
    month,
    min(total) as least_total,
    max(total) as greatest_total
from totals
group by measure_code, month
-- Weights and fractions are added up in another order.
having max(total) - min(total) > 0.000001
