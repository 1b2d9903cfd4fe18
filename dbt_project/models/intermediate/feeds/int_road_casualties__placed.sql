with casualties as (select * from {{ ref("stg_dft__casualties") }}),

standing as (
    select file_sha256
    from {{ ref("int_deliveries__ranked") }}
    where feed = 'dft/collisions' and is_standing
),

-- A year that was delivered under two names has each collision once.
collisions as (
    select
        record_key as collision_index,
        min(month) as month,
        min(area_key) as area_key
    from {{ ref("stg_dft__collisions") }}
    where file_sha256 in (select standing.file_sha256 from standing)
    group by record_key
)

select
    casualties.feed,
    casualties.file_sha256,
    casualties.row_number,
    casualties.record_key,
    collisions.month,
    casualties.category,
    concat_ws(
        ';', nullif(casualties.tags, ''), case when collisions.collision_index is null then 'collision not delivered' end
    ) as tags,
    cast(1 as double) as counts_for,
    {{ row_places(area_key="collisions.area_key") }}
from casualties
left join collisions
    on casualties.collision_index = collisions.collision_index
