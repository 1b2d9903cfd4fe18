with areas_in_use as (select * from {{ ref("int_areas__in_use") }})

select
    area_code,
    place_code,
    area_name,
    area_level,
    parent_code,
    home_force_code,
    vintage,
    source
from areas_in_use
order by area_code
