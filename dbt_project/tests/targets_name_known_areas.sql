-- Detects: a target that is set for an area which nobody knows.
-- Usually means: a digit left out or swapped in the code of the target's row, or a place that catalogue/local_areas.csv lacks.
-- Rows: the targets with their area.

with known as (
    select district_code as area_code from {{ ref("stg_reference__districts") }}
    union
    select csp_code from {{ ref("stg_reference__districts") }}
    union
    select successor_code from {{ ref("district_changes") }}
    union
    select county_code from {{ ref("counties") }}
    union
    select force_code from {{ ref("police_forces") }}
    union
    select ward_code from {{ ref("stg_reference__wards") }}
    union
    select beat_code from {{ ref("beats") }}
    union
    select home_area_code from {{ ref("suppliers") }}
    union
    select area_code from {{ ref("local_areas") }}
)

select
    target_id,
    area_code
from {{ ref("plan_targets") }}
where area_code not in (select known.area_code from known where known.area_code is not null)
