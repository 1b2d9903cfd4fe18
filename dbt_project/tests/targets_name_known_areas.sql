-- Detects: a target that is set for an area which nobody knows.
-- Usually means: a digit left out or swapped in the code of the target's row, or a place that catalogue/local_areas.csv lacks.
-- Rows: the targets with their area.

select
    target_id,
    area_code
from {{ ref("plan_targets") }}
where
    area_code not in (select known.area_code from {{ ref("int_areas__known") }} as known)
    and area_code not in (select suppliers.home_area_code from {{ ref("suppliers") }} as suppliers)
