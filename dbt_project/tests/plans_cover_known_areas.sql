-- Detects: a plan whose area is no district, county or partnership.
-- Usually means: a digit left out or swapped in the code of the plan's row.
-- Rows: the plans with their area.

with known as (
    select district_code as area_code from {{ ref("stg_reference__districts") }}
    union
    select csp_code from {{ ref("stg_reference__districts") }}
    union
    select successor_code from {{ ref("district_changes") }}
    union
    select county_code from {{ ref("counties") }}
)

select
    plan_id,
    area_code
from {{ ref("plans") }}
where area_code not in (select known.area_code from known where known.area_code is not null)
