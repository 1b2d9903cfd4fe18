with areas as (select * from {{ ref("areas") }}),
levels as (select * from {{ ref("funnel_levels") }}),

inside as (
    select
        areas.area_code,
        levels.areas_in_words,
        areas.area_level,
        case levels.grouped_by when 'parent' then areas.parent_code when 'home_force' then areas.home_force_code end as outer_code
    from areas
    inner join levels
        on areas.area_level = levels.area_level
    -- Rows without a known area are of none.
    where areas.vintage <> 'none'
)

select
    inside.outer_code || ':' || inside.area_level as funnel_group_id,
    upper(left(inside.areas_in_words, 1)) || substr(inside.areas_in_words, 2) || ' of ' || outer_areas.area_name as title,
    inside.area_code,
    0 as smallest_members,
    cast(null as date) as compares_from
from inside
inner join areas as outer_areas
    on inside.outer_code = outer_areas.area_code
union all
select
    peer_groups.peer_group_id,
    peer_groups.title,
    members.area_code,
    peer_groups.smallest_members,
    peer_groups.compares_from
from {{ ref("int_peer_groups__listed") }} as peer_groups
inner join {{ ref("int_peer_groups__members") }} as members
    on peer_groups.peer_group_id = members.peer_group_id
