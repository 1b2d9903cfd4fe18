with source as (select * from {{ source("raw", "dft__collisions") }})

select
    'dft/collisions' as feed,
    file_sha256,
    row_number,
    collision_index as record_key,
    {{ month_of("collision_date") }} as month,
    {{ road_severity("collision_severity") }} as category,
    '' as tags,
    cast(1 as double) as counts_for,
    -- The tables of today have no STATS19 number, those of before may have no ONS code.
    {{ row_places(
        area_key="case when district <> '-1' then 'ons:' || district when district_number > 0 then 'stats19:' || district_number end"
    ) }}
from source
