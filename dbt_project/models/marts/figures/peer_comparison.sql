with peer_groups as (select * from {{ ref("int_peer_groups__listed") }}),
peer_group_members as (select * from {{ ref("int_peer_groups__members") }}),
indicators as (select * from {{ ref("indicators") }}),
indicator_values as (select * from {{ ref("indicator_values") }}),

compared as (
    select
        peer_groups.peer_group_id,
        peer_groups.title as peer_group_title,
        peer_groups.status as peer_group_status,
        peer_groups.bound_standard_deviations,
        peer_groups.smallest_members,
        peer_group_members.members,
        indicators.polarity,
        indicators.polarity_contested,
        indicator_values.indicator_code,
        indicator_values.area_code,
        indicator_values.area_name,
        indicator_values.area_level,
        indicator_values.period_type,
        indicator_values.period_start,
        indicator_values.period_end,
        indicator_values.period_label,
        indicator_values.value,
        indicator_values.is_synthetic,
        coalesce(indicator_values.series_start <= indicator_values.period_start, true) as comparable,
        -- For rank: good is low.
        indicator_values.value * case indicators.polarity when 'higher_is_better' then -1 else 1 end as badness
    from peer_groups
    inner join peer_group_members
        on peer_groups.peer_group_id = peer_group_members.peer_group_id
    inner join indicator_values
        on peer_group_members.area_code = indicator_values.area_code
    inner join indicators
        on indicator_values.indicator_code = indicators.indicator_code
    where
        indicators.formula_kind = 'rate'
        and indicator_values.value is not null
        and indicator_values.period_start >= coalesce(peer_groups.compares_from, indicator_values.period_start)
        and indicator_values.period_type in ('quarter', 'financial_year', 'rolling_12_months')
),

summarised as (
    select
        compared.*,
        count(*) over peers as members_with_value,
        avg(value) over peers as peer_mean,
        stddev_samp(value) over peers as peer_standard_deviation,
        rank() over (
            partition by peer_group_id, indicator_code, area_level, period_type, period_start, period_end
            order by badness
        ) as peer_rank,
        bool_or(is_synthetic) over peers as any_synthetic
    from compared
    window peers as (partition by peer_group_id, indicator_code, area_level, period_type, period_start, period_end)
),

bounded as (
    select
        *,
        peer_mean - bound_standard_deviations * peer_standard_deviation as lower_bound,
        peer_mean + bound_standard_deviations * peer_standard_deviation as upper_bound
    from summarised
    -- No value of n lies further than (n - 1) / sqrt(n) of their standard deviations from their mean.
    where
        members_with_value >= smallest_members
        and members_with_value > 2
        and (members_with_value - 1) / sqrt(members_with_value) > bound_standard_deviations
)

select
    peer_group_id,
    peer_group_title,
    peer_group_status,
    indicator_code,
    area_code,
    area_name,
    period_type,
    period_start,
    period_end,
    period_label,
    value,
    members,
    cast(members_with_value as integer) as members_with_value,
    round(peer_mean, 10) as peer_mean,
    round(lower_bound, 10) as lower_bound,
    round(upper_bound, 10) as upper_bound,
    cast(peer_rank as integer) as peer_rank,
    case
        when value between lower_bound and upper_bound then 'in line'
        when polarity = 'neutral' or polarity_contested then 'outside'
        when (value < lower_bound) = (polarity = 'lower_is_better') then 'better'
        else 'worse'
    end as standing,
    any_synthetic as is_synthetic,
    comparable
from bounded
order by peer_group_id, indicator_code, area_code, period_type, period_start, period_end
