{{ config(materialized="table") }}

{#
All that int_measures__by_delivery makes a delivery's sums of, as one number: its rows as they are placed and judged, what its supplier
covers, the levels and local areas, and the SQL itself.
#}
with located as (select * from {{ ref("int_rows__located") }}),
feed_area_levels as (select * from {{ ref("feed_area_levels") }}),
local_areas as (select * from {{ ref("local_areas") }}),

covered as (
    select
        feed,
        home_area_code,
        sum({{ hash_of(["area_level", "area_code"]) }}) as digest
    from {{ ref("int_areas__covered") }}
    where area_level in ('county', 'district')
    group by feed, home_area_code
),

levels as (
    select
        source_feed,
        sum({{ hash_of(["area_level"]) }}) as digest
    from feed_area_levels
    group by source_feed
),

local_areas_as_one as (
    select sum({{ hash_of(["area_code", "area_level"]) }}) as digest
    from local_areas
),

counted as (
    select
        feed,
        file_sha256,
        home_area_code,
        sum({{ hash_of(columns_of_sums()) }}) as digest,
        count(*) as cell_count
    from located
    where exclusion_reason is null
    group by feed, file_sha256, home_area_code
)

select
    counted.feed,
    counted.file_sha256,
    counted.home_area_code,
    -- So that memory does not grow with the deliveries, and those of a batch lie together in int_rows__located.
    cast(
        sum(counted.cell_count) over (
            order by counted.feed, counted.file_sha256, counted.home_area_code
            rows unbounded preceding
        ) // {{ var("cells_of_a_batch") }} as bigint
    ) as batch,
    {{ hash_of([
        "counted.feed", "counted.file_sha256", "counted.home_area_code", "counted.digest", "covered.digest", "levels.digest",
        "local_areas_as_one.digest", "version()", "'" ~ rules_of_sums() ~ "'"
    ]) }} as fingerprint
from counted
cross join local_areas_as_one
left join covered
    on
        counted.feed = covered.feed
        and counted.home_area_code = covered.home_area_code
left join levels
    on counted.feed = levels.source_feed
