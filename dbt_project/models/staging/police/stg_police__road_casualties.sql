with source as (select * from {{ source("raw", "police__road_casualties") }})

select
    'police/road_casualties' as feed,
    file_sha256,
    row_number,
    collision_reference || ' ' || casualty_reference as record_key,
    {{ month_of("collision_date") }} as month,
    {{ road_severity("casualty_severity") }} as category,
    concat_ws(
        ';',
        case when age between 0 and 15 then 'age 0-15' end,
        case when age is null or age < 0 then 'age unknown' end,
        case when casualty_class = 3 then 'pedestrian' end
    ) as tags,
    cast(1 as double) as counts_for,
    {{ row_places(area_key="'stats19:' || district") }}
from source
