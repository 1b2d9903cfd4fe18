with figured as (select * from {{ ref("int_frameworks__measured") }} where framework = 'APACS'),
plan_areas as (select * from {{ ref("int_plans__areas") }}),
plans as (select * from {{ ref("plans") }}),

-- One construct by two instruments: the other one, never its figure.
twins as (
    select
        one.framework,
        one.indicator_code,
        {{ listed("other.indicator_code") }} as twin_indicator_codes
    from {{ ref("framework_indicators") }} as one
    inner join {{ ref("framework_indicators") }} as other
        on
            one.framework = other.framework
            and one.construct = other.construct
            and one.indicator_code <> other.indicator_code
    group by one.framework, one.indicator_code
),

-- The latest year in which the plan's partnership was compared with its peers, under another code: that of counts by partnership.
compared as (
    select
        plans.plan_id,
        peer_comparison.*,
        row_number() over (
            partition by plans.plan_id, peer_comparison.indicator_code
            order by peer_comparison.period_end desc, peer_comparison.peer_group_id asc
        ) as recency
    from plans
    inner join plan_areas
        on plans.plan_id = plan_areas.plan_id and not plan_areas.is_context
    inner join {{ ref("peer_comparison") }} as peer_comparison
        on
            plan_areas.area_code = peer_comparison.area_code
            and peer_comparison.period_type = 'financial_year'
            and plans.ends_on >= peer_comparison.period_end
)

select
    figured.plan_id,
    figured.domain_number,
    figured.domain as apacs_domain,
    figured.framework_code as spi_code,
    figured.plan_strand_number,
    figured.plan_strand,
    figured.strand_line,
    figured.indicator_code,
    figured.title,
    figured.construct,
    twins.twin_indicator_codes,
    figured.mapping_confidence,
    {{ framework_figure() }},
    compared.indicator_code as peer_indicator_code,
    compared.peer_group_title,
    compared.period_label as peer_period_label,
    compared.value as peer_own_value,
    compared.peer_mean,
    compared.standing as peer_standing,
    {{ framework_figure_status("figured.is_synthetic or coalesce(compared.is_synthetic, false)") }}
from figured
left join twins
    on
        figured.framework = twins.framework
        and figured.indicator_code = twins.indicator_code
left join compared
    on
        figured.plan_id = compared.plan_id
        and figured.peer_indicator_code = compared.indicator_code
        and compared.recency = 1
        and not figured.is_context
order by figured.plan_id, figured.domain_number, figured.indicator_code, figured.is_context, figured.area_code
