with targets as (select * from {{ ref("targets") }}),
indicators as (select * from {{ ref("indicators") }}),
followed as (select * from {{ ref("int_targets__followed") }}),
changes as (select * from {{ ref("int_changes__tested") }}),
outturns as (select * from {{ ref("int_outturns__projected") }}),
poisson_limits as (select * from {{ ref("poisson_limits") }}),

measurable as (
    select
        followed.*,
        followed.missing_baseline_months is null
        and followed.missing_target_months is null
        and followed.target_exposure is not null
        and followed.baseline_exposure is not null as is_measurable
    from followed
),

-- Value = count x multiplier / exposure: the count itself, or a rate.
counted as (
    select
        measurable.*,
        {{ year_of_label("targets.target_period") }} as target_start,
        indicators.denominator,
        baseline_change.p_value as change_p_value,
        previous_change.p_value as previous_p_value,
        indicators.multiplier / measurable.target_exposure as target_scale,
        indicators.multiplier / measurable.baseline_exposure as baseline_scale,
        {{ poisson_lower("measurable.actual_count") }} as actual_lower,
        {{ poisson_upper("measurable.actual_count") }} as actual_upper,
        -- At the end of the year the outturn is what was counted, and no profile is needed.
        case
            when measurable.months_elapsed = 12 or measurable.profile_count = 0 then 1
            else measurable.profile_to_date_count / measurable.profile_count
        end as profile_share,
        case when measurable.months_elapsed = 12 then measurable.actual_count else outturns.outturn end as outturn,
        case when measurable.months_elapsed = 12 then measurable.actual_count else outturns.lower_95 end as outturn_lower,
        case when measurable.months_elapsed = 12 then measurable.actual_count else outturns.upper_95 end as outturn_upper
    from measurable
    inner join targets
        on measurable.target_id = targets.target_id
    inner join indicators
        on targets.indicator_code = indicators.indicator_code
    left join changes as baseline_change
        on
            measurable.is_measurable
            and measurable.actual_count = baseline_change.actual_count
            and measurable.baseline_to_date_count = baseline_change.comparison_count
            and measurable.baseline_comparison_share = baseline_change.expected_share
    left join changes as previous_change
        on
            measurable.is_measurable
            and measurable.actual_count = previous_change.actual_count
            and measurable.previous_to_date_count = previous_change.comparison_count
            and measurable.previous_comparison_share = previous_change.expected_share
    left join poisson_limits
        on measurable.actual_count = poisson_limits.observed_count
    left join outturns
        on
            measurable.is_measurable
            and measurable.target_id = outturns.target_id
            and measurable.months_elapsed = outturns.months_elapsed
)

select
    target_id,
    months_elapsed,
    as_at,
    is_measurable,
    case when is_measurable then baseline_count * baseline_scale end as baseline_value,
    case when is_measurable and months_elapsed > 0 then actual_count * target_scale end as actual_to_date,
    case when is_measurable and months_elapsed > 0 then actual_lower * target_scale end as actual_lower,
    case when is_measurable and months_elapsed > 0 then actual_upper * target_scale end as actual_upper,
    case when is_measurable and months_elapsed > 0 then baseline_to_date_count * baseline_scale end as baseline_to_date,
    case when is_measurable and months_elapsed > 0 then profile_share end as profile_share,
    change_p_value,
    change_p_value < 0.05 as change_is_significant,
    actual_count * (1 - previous_comparison_share) - previous_to_date_count * previous_comparison_share as change_on_previous,
    previous_p_value < 0.05 as previous_is_significant,
    {{ add_months("target_start", -12) }} as previous_start,
    case when is_measurable then outturn * target_scale end as outturn,
    case when is_measurable then outturn_lower * target_scale end as outturn_lower,
    case when is_measurable then outturn_upper * target_scale end as outturn_upper,
    is_synthetic,
    'baseline months missing: ' || missing_baseline_months as baseline_note,
    'months missing: ' || missing_target_months as target_note,
    'no profile: months of the year missing in its three years: ' || missing_profile_months as profile_note,
    vintage_note,
    case when target_exposure is null or baseline_exposure is null then 'no ' || denominator || ' for this area' end as exposure_note,
    case
        when is_measurable and actual_count is not null and months_elapsed between 1 and 11 and outturn is null
            then 'no projection: nothing was counted in these months of the profile'
    end as projection_note
from counted
