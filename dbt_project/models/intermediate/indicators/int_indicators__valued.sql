{{ config(materialized="table") }}

with shown as (select * from {{ ref("int_indicators__shown") }}),
poisson_limits as (select * from {{ ref("poisson_limits") }}),

-- Counts, rates, percentages and ratios are the numerator times a scale; limits likewise.
scaled as (
    select
        shown.*,
        case
            when formula_kind in ('count', 'sum') then multiplier
            else multiplier / nullif(denominator_value, 0)
        end as scale,
        -- What of the effective number of respondents answered so.
        numerator * effective_base / nullif(denominator_value, 0) as effective_part,
        case
            when numerator is null then null
            when formula_kind in ('count', 'sum', 'rate') and numerator >= 10 then 'byar'
            when formula_kind in ('count', 'sum', 'rate') and numerator >= 0 then 'poisson_exact'
            -- Parts of a count, such as a share of crime; a net reclassification can leave no proportion.
            when formula_kind = 'percentage' and numerator between 0 and denominator_value then 'wilson'
            when formula_kind = 'weighted_percentage' then 'wilson_effective_base'
            when formula_kind = 'standardised_rate' then standardised_method
        end as interval_method
    from shown
)

select
    scaled.indicator_code,
    scaled.area_code,
    scaled.area_name,
    scaled.area_level,
    scaled.period_type,
    scaled.period_start,
    scaled.period_end,
    scaled.period_label,
    scaled.is_complete,
    scaled.completeness_note,
    scaled.is_past_revision_window,
    scaled.is_synthetic,
    scaled.is_revised,
    scaled.is_suppressed,
    scaled.rounded_to,
    scaled.vintage_note,
    scaled.measure_note,
    scaled.base_count,
    scaled.effective_base,
    scaled.numerator,
    scaled.denominator_value,
    case
        when scaled.formula_kind in ('rolling_average_change', 'percentage_difference')
            then (scaled.numerator - scaled.denominator_value) * scaled.scale
        when scaled.formula_kind = 'standardised_rate'
            then case when scaled.is_complete then scaled.standardised_rate * scaled.multiplier end
        else scaled.numerator * scaled.scale
    end as value,
    {% for side, sign, poisson_limit in [("lower", "-", poisson_lower), ("upper", "+", poisson_upper)] %}
        case
            when scaled.interval_method in ('byar', 'poisson_exact')
                then round({{ poisson_limit("scaled.numerator") }} * scaled.scale, 12)
            when scaled.interval_method = 'wilson'
                then round(scaled.multiplier * {{ wilson_limit("scaled.numerator", "scaled.denominator_value", sign) }}, 12)
            when scaled.interval_method = 'wilson_effective_base'
                then round(scaled.multiplier * {{ wilson_limit("scaled.effective_part", "scaled.effective_base", sign) }}, 12)
            when scaled.interval_method = 'dobson' then scaled.multiplier * scaled.standardised_{{ side }}
        end as {{ side }}_limit,
    {% endfor %}
    scaled.interval_method
from scaled
left join poisson_limits
    on scaled.numerator = poisson_limits.observed_count
