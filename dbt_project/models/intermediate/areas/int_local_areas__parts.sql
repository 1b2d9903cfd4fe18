with local_areas as (select * from {{ ref("local_areas") }}),
local_area_parts as (select * from {{ ref("local_area_parts") }})

select
    local_areas.area_code,
    local_areas.area_level,
    local_areas.district_code,
    local_area_parts.part_kind,
    local_area_parts.part_code
from local_areas
inner join local_area_parts
    on local_areas.area_code = local_area_parts.area_code
