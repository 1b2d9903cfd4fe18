with peer_groups as (select * from {{ ref("int_peer_groups__listed") }}),
districts as (select * from {{ ref("stg_reference__districts") }}),

-- The area itself is one of its group.
near_areas as (
    select
        peer_group_id,
        centre_code as district_code
    from peer_groups
    where centre_code is not null
    union
    select
        peer_groups.peer_group_id,
        similar_areas.similar_area_code
    from peer_groups
    inner join {{ ref("stg_reference__similar_areas") }} as similar_areas
        on peer_groups.centre_code = similar_areas.area_code and peer_groups.sense = similar_areas.sense
),

members as (
    select
        peer_group_id,
        area_code as member_code,
        area_code
    from {{ ref("peer_group_members") }}
    union all
    select
        peer_group_id,
        district_code,
        district_code as figures_code
    from near_areas
    union all
    -- A district's figures can be those of its partnership.
    select
        near_areas.peer_group_id,
        near_areas.district_code,
        districts.csp_code
    from near_areas
    inner join districts
        on near_areas.district_code = districts.district_code
    where districts.csp_code is not null
),

sizes as (
    select
        peer_group_id,
        cast(count(distinct member_code) as integer) as members
    from members
    group by peer_group_id
)

select
    members.peer_group_id,
    members.area_code,
    min(members.member_code) as member_code,
    sizes.members
from members
inner join sizes
    on members.peer_group_id = sizes.peer_group_id
group by members.peer_group_id, members.area_code, sizes.members
