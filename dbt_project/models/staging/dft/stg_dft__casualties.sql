with source as (select * from {{ source("raw", "dft__casualties") }})

select
    'dft/casualties' as feed,
    file_sha256,
    row_number,
    collision_index,
    concat_ws(' ', collision_index, vehicle_reference, casualty_reference) as record_key,
    {{ road_severity("casualty_severity") }} as category,
    concat_ws(
        ';',
        case when age between 0 and 15 then 'age 0-15' end,
        case when age is null or age < 0 then 'age unknown' end,
        case when casualty_class = 3 then 'pedestrian' end
    ) as tags
from source
