{# How many areas of each peer group have a figure of each rate in the latest whole year that any of them has. #}
with peer_groups as (select * from {{ ref("int_peer_groups__listed") }}),
members as (select * from {{ ref("int_peer_groups__members") }}),

compared as (
    select distinct
        peer_group_id,
        indicator_code,
        period_type,
        period_start
    from {{ ref("peer_comparison") }}
),

figures as (
    select indicator_values.*
    from {{ ref("indicator_values") }} as indicator_values
    inner join {{ ref("indicators") }} as indicators
        on indicator_values.indicator_code = indicators.indicator_code
    where
        indicators.formula_kind = 'rate'
        and indicator_values.period_type = 'financial_year'
        and indicator_values.value is not null
),

latest as (
    select
        peer_groups.peer_group_id,
        peer_groups.title,
        peer_groups.status,
        peer_groups.smallest_members,
        peer_groups.compares_from,
        members.members,
        figures.indicator_code,
        figures.period_type,
        figures.period_start,
        figures.period_label,
        cast(count(distinct members.member_code) as integer) as members_with_value,
        bool_or(figures.is_synthetic) as is_synthetic
    from peer_groups
    inner join members
        on peer_groups.peer_group_id = members.peer_group_id
    inner join figures
        on members.area_code = figures.area_code
    group by
        peer_groups.peer_group_id, peer_groups.title, peer_groups.status, peer_groups.smallest_members, peer_groups.compares_from,
        members.members, figures.indicator_code, figures.period_type, figures.period_start, figures.period_label
    qualify
        row_number() over (
            partition by peer_groups.peer_group_id, figures.indicator_code order by figures.period_start desc
        ) = 1
)

select
    latest.peer_group_id,
    latest.title as peer_group_title,
    latest.status as peer_group_status,
    latest.indicator_code,
    latest.period_type,
    latest.period_start,
    latest.period_label,
    latest.members,
    latest.members_with_value,
    latest.smallest_members,
    compared.peer_group_id is not null as is_compared,
    case
        when compared.peer_group_id is not null then null
        when latest.period_start < latest.compares_from then 'figures older than the list'
        when latest.members_with_value < latest.smallest_members then 'too few areas with a figure'
        else 'too few areas for one to lie outside the bounds'
    end as reason,
    latest.is_synthetic
from latest
left join compared
    on
        latest.peer_group_id = compared.peer_group_id
        and latest.indicator_code = compared.indicator_code
        and latest.period_type = compared.period_type
        and latest.period_start = compared.period_start
order by latest.peer_group_id, latest.indicator_code
