with plans as (select * from {{ ref("plans") }}),

-- What the partner was when the plan began.
partners as (
    select plan_partners.*
    from {{ ref("plan_partners") }} as plan_partners
    inner join plans
        on plan_partners.plan_id = plans.plan_id
    where
        plan_partners.valid_from <= plans.starts_on
        and coalesce(plan_partners.valid_to, plans.starts_on) >= plans.starts_on
),

leads as (
    select
        plan_id,
        partner_code,
        {{ listed("case when role <> 'support' then priority_code end") }} as leads_priorities,
        {{ listed("case when role = 'support' then priority_code end") }} as supports_priorities
    from {{ ref("plan_leads") }}
    where partner_code is not null
    group by plan_id, partner_code
),

-- Each target once, however many priorities name it; one that follows from others has a count of its own, an example none.
targets as (
    select
        leads.plan_id,
        leads.partner_code,
        measured.target_id,
        measured.is_own,
        min(measured.rag) as rag,
        min(measured.outcome) as outcome
    from {{ ref("plan_leads") }} as leads
    inner join {{ ref("int_priorities__measured") }} as measured
        on
            leads.plan_id = measured.plan_id
            and leads.priority_code = measured.priority_code
    where
        leads.role <> 'support'
        and leads.partner_code is not null
        and (measured.is_own or measured.target_status = 'derived')
    group by leads.plan_id, leads.partner_code, measured.target_id, measured.is_own
),

target_counts as (
    select
        plan_id,
        partner_code,
        sum(case when is_own then 1 else 0 end) as target_count,
        sum(case when is_own then 0 else 1 end) as derived_targets,
        sum(case when is_own and outcome = 'met' then 1 else 0 end) as targets_met,
        sum(case when is_own and outcome = 'not_met' then 1 else 0 end) as targets_not_met,
        sum(case when is_own and rag = 'green' then 1 else 0 end) as green_targets,
        sum(case when is_own and rag = 'amber' then 1 else 0 end) as amber_targets,
        sum(case when is_own and rag = 'red' then 1 else 0 end) as red_targets,
        sum(case when is_own and rag = 'grey' then 1 else 0 end) as grey_targets
    from targets
    group by plan_id, partner_code
),

-- Returns of the plan's years and of the year it was written on.
returns as (
    select
        partners.plan_id,
        partners.partner_code,
        count(distinct agency_returns.feed) as feed_count,
        sum(case when agency_returns.status in ('accepted', 'partly_accepted') then 1 else 0 end) as standing_returns,
        sum(case when agency_returns.status = 'refused' then 1 else 0 end) as refused_returns,
        sum(case when agency_returns.status = 'missing' then 1 else 0 end) as missing_returns,
        -- The sum of some of them would pass for that of all.
        case when not bool_or(agency_returns.is_suppressed) then sum(agency_returns.rows_rejected) end as rows_rejected,
        bool_or(agency_returns.is_synthetic) as is_synthetic
    from partners
    inner join plans
        on partners.plan_id = plans.plan_id
    inner join {{ ref("agency_returns") }} as agency_returns
        on
            partners.agency = agency_returns.agency
            and {{ list_holds("partners.suppliers", "agency_returns.supplier") }}
            and agency_returns.period_start >= {{ add_months("plans.starts_on", -12) }}
            and plans.ends_on >= agency_returns.period_start
    group by partners.plan_id, partners.partner_code
)

select
    partners.plan_id,
    partners.partner_code,
    partners.partner_name,
    partners.membership,
    leads.leads_priorities,
    leads.supports_priorities,
    {% for number in [
        "target_count", "targets_met", "targets_not_met", "green_targets", "amber_targets", "red_targets", "grey_targets",
        "derived_targets"
    ] %}
        cast(coalesce(target_counts.{{ number }}, 0) as integer) as {{ number }},
    {% endfor %}
    {% for number in ["feed_count", "standing_returns", "refused_returns", "missing_returns"] %}
        cast(coalesce(returns.{{ number }}, 0) as integer) as {{ number }},
    {% endfor %}
    cast(returns.rows_rejected as bigint) as rows_rejected,
    coalesce(returns.is_synthetic, false) as is_synthetic,
    partners.note
from partners
left join leads
    on
        partners.plan_id = leads.plan_id
        and partners.partner_code = leads.partner_code
left join target_counts
    on
        partners.plan_id = target_counts.plan_id
        and partners.partner_code = target_counts.partner_code
left join returns
    on
        partners.plan_id = returns.plan_id
        and partners.partner_code = returns.partner_code
order by partners.plan_id, partners.partner_code
