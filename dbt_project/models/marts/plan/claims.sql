with claims as (select * from {{ ref("plan_claims") }}),
figured as (select * from {{ ref("int_claims__computed") }}),
changes as (select * from {{ ref("int_changes__tested") }}),

computed as (
    select
        claims.*,
        figured.reference_value,
        figured.falls_each_year,
        figured.break_titles,
        figured.is_synthetic,
        changes.p_value,
        case claims.check_kind
            when 'decrease' then figured.computed_value - figured.reference_value
            when 'increase' then figured.computed_value - figured.reference_value
            when 'sustained_decrease' then figured.computed_value - figured.reference_value
            when 'change' then figured.computed_value - figured.reference_value
            when 'change_pct'
                then 100 * (figured.computed_value - figured.reference_value) / nullif(figured.reference_value, 0)
            when 'stable'
                then 100 * (figured.computed_value - figured.reference_value) / nullif(figured.reference_value, 0)
            when 'share' then 100 * figured.computed_value / nullif(figured.reference_value, 0)
            else figured.computed_value
        end as computed_value,
        case claims.check_kind when 'monthly_range' then figured.reference_value end as computed_upper
    from claims
    left join figured
        on claims.claim_id = figured.claim_id
    left join changes
        on
            claims.check_kind in ('decrease', 'increase', 'sustained_decrease')
            and figured.computed_value = changes.actual_count
            and figured.reference_value = changes.comparison_count
            and changes.expected_share = 0.5
),

judged as (
    select
        computed.*,
        case
            when break_titles is not null then null
            when check_kind = 'highest' then computed_value >= reference_value
            when check_kind = 'decrease' then computed_value < 0 and p_value < 0.05
            when check_kind = 'increase' then computed_value > 0 and p_value < 0.05
            when check_kind = 'sustained_decrease' then falls_each_year and computed_value < 0 and p_value < 0.05
            when check_kind = 'stable' then abs(computed_value) <= tolerance_pct
            when qualifier = 'more_than' then computed_value > claimed_value
            when qualifier = 'between'
                then
                    computed_value >= claimed_value * (1 - tolerance_pct / 100)
                    and computed_upper <= claimed_upper * (1 + tolerance_pct / 100)
            when qualifier in ('exactly', 'around')
                then abs(computed_value - claimed_value) <= abs(claimed_value) * tolerance_pct / 100
        end as agrees
    from computed
),

-- What has parts holds when each of them does: one that does not settles it, and one without a figure leaves it open.
parts as (
    select
        part_of_claim_id,
        case when bool_or(not agrees) then false when count(agrees) = count(*) then true end as agrees,
        bool_or(is_synthetic) as is_synthetic
    from judged
    where part_of_claim_id is not null
    group by part_of_claim_id
),

whole as (
    select
        judged.* exclude (agrees, is_synthetic),
        coalesce(judged.agrees, parts.agrees) as agrees_with_figure,
        judged.is_synthetic or coalesce(parts.is_synthetic, false) as is_synthetic
    from judged
    left join parts
        on
            judged.claim_id = parts.part_of_claim_id
            and judged.check_kind = 'all_parts'
)

select
    claim_id,
    plan_id,
    part_of_claim_id,
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
    reference_indicator_code,
    reference_area_code,
    reference_period_label,
    tolerance_pct,
    round(computed_value, 6) as computed_value,
    round(computed_upper, 6) as computed_upper,
    case when break_titles is null then p_value end as p_value,
    share_of_people_pct,
    round(computed_value / share_of_people_pct, 6) as times_share_of_people,
    break_titles is null as comparable,
    agrees_with_figure,
    -- Agreement on a basis that is only inferred neither supports nor refutes.
    case
        when agrees_with_figure is null or basis <> 'stated' then 'not_recomputable'
        when agrees_with_figure then 'supported'
        else 'not_supported'
    end as verdict,
    coalesce(is_synthetic, false) as is_synthetic,
    nullif(concat_ws('; ', note, 'not comparable: ' || break_titles), '') as note
from whole
order by claim_id
