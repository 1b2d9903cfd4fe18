with claims as (select * from {{ ref("plan_claims") }}),
figured as (select * from {{ ref("int_claims__computed") }}),
changes as (select * from {{ ref("int_changes__tested") }}),

computed as (
    select
        claims.*,
        figured.reference_value,
        figured.is_synthetic,
        changes.p_value,
        case claims.check_kind
            when 'change' then figured.computed_value - figured.reference_value
            when 'change_pct'
                then 100 * (figured.computed_value - figured.reference_value) / nullif(figured.reference_value, 0)
            when 'stable'
                then 100 * (figured.computed_value - figured.reference_value) / nullif(figured.reference_value, 0)
            when 'share' then 100 * figured.computed_value / nullif(figured.reference_value, 0)
            when 'decrease' then figured.computed_value - figured.reference_value
            else figured.computed_value
        end as computed_value,
        case claims.check_kind when 'monthly_range' then figured.reference_value end as computed_upper
    from claims
    left join figured
        on claims.claim_id = figured.claim_id
    left join changes
        on
            claims.check_kind = 'decrease'
            and figured.computed_value = changes.actual_count
            and figured.reference_value = changes.comparison_count
            and changes.expected_share = 0.5
),

judged as (
    select
        computed.*,
        case
            when check_kind = 'highest' then computed_value >= reference_value
            when check_kind = 'decrease' then computed_value < 0 and p_value < 0.05
            when check_kind = 'stable' then abs(computed_value) <= tolerance_pct
            when qualifier = 'more_than' then computed_value > claimed_value
            when qualifier = 'between'
                then
                    computed_value >= claimed_value * (1 - tolerance_pct / 100)
                    and computed_upper <= claimed_upper * (1 + tolerance_pct / 100)
            when qualifier in ('exactly', 'around')
                then abs(computed_value - claimed_value) <= abs(claimed_value) * tolerance_pct / 100
        end as agrees_with_figure
    from computed
)

select
    claim_id,
    plan_id,
    plan_line,
    published_text,
    qualifier,
    claimed_value,
    claimed_upper,
    unit,
    basis,
    check_kind,
    indicator_code,
    area_code,
    period_label,
    reference_area_code,
    reference_period_label,
    tolerance_pct,
    round(computed_value, 6) as computed_value,
    round(computed_upper, 6) as computed_upper,
    p_value,
    agrees_with_figure,
    -- Agreement on a basis that is only inferred neither supports nor refutes.
    case
        when agrees_with_figure is null or basis <> 'stated' then 'not_recomputable'
        when agrees_with_figure then 'supported'
        else 'not_supported'
    end as verdict,
    coalesce(is_synthetic, false) as is_synthetic,
    note
from judged
order by claim_id
