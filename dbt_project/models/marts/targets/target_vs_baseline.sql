with followed as (select * from {{ ref("int_targets__followed") }}),
waves as (select * from {{ ref("int_waves__compared") }}),
changes as (select * from {{ ref("int_changes__tested") }}),
outturns as (select * from {{ ref("int_outturns__projected") }}),
poisson_limits as (select * from {{ ref("poisson_limits") }}),

targets as (
    select
        targets.*,
        {{ year_of_label("targets.baseline_period") }} as baseline_start,
        {{ year_of_label("targets.target_period") }} as target_start,
        indicators.polarity,
        indicators.polarity_contested as is_contested,
        indicators.formula_kind,
        indicators.multiplier,
        indicators.denominator,
        indicators.numerator_measure,
        indicators.denominator_measure,
        targets.basis = 'percentage' as is_in_points
    from {{ ref("targets") }} as targets
    inner join {{ ref("indicators") }} as indicators
        on targets.indicator_code = indicators.indicator_code
),

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
        targets.target_start,
        targets.denominator,
        baseline_change.p_value as change_p_value,
        previous_change.p_value as previous_p_value,
        targets.multiplier / measurable.target_exposure as target_scale,
        targets.multiplier / measurable.baseline_exposure as baseline_scale,
        case
            when measurable.actual_count >= 10 then {{ byar_lower("measurable.actual_count") }}
            else poisson_limits.lower_95
        end as actual_lower,
        case
            when measurable.actual_count >= 10 then {{ byar_upper("measurable.actual_count") }}
            else poisson_limits.upper_95
        end as actual_upper,
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
),

-- The limits of the difference of two figures from the limits of each: Newcombe's hybrid score method for proportions.
differences as (
    select
        waves.*,
        actual_value - baseline_value as change,
        actual_value - baseline_value
        - sqrt(power(actual_value - actual_lower, 2) + power(baseline_upper - baseline_value, 2)) as change_lower,
        actual_value - baseline_value
        + sqrt(power(actual_upper - actual_value, 2) + power(baseline_value - baseline_lower, 2)) as change_upper,
        actual_value - previous_value as change_on_previous,
        actual_value - previous_value
        - sqrt(power(actual_value - actual_lower, 2) + power(previous_upper - previous_value, 2)) as previous_lower_change,
        actual_value - previous_value
        + sqrt(power(actual_upper - actual_value, 2) + power(previous_value - previous_lower, 2)) as previous_upper_change
    from waves
),

figures as (
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
        cast(null as double) as change_lower,
        cast(null as double) as change_upper,
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
    union all
    select
        target_id,
        months_elapsed,
        as_at,
        missing_baseline is null and missing_target is null,
        baseline_value,
        case when missing_baseline is null then actual_value end,
        case when missing_baseline is null then actual_lower end,
        case when missing_baseline is null then actual_upper end,
        case when actual_value is not null then baseline_value end,
        1,
        cast(null as double),
        change_lower,
        change_upper,
        change_lower > 0 or change_upper < 0,
        change_on_previous,
        previous_lower_change > 0 or previous_upper_change < 0,
        previous_start,
        case when missing_baseline is null then actual_value end,
        case when missing_baseline is null then actual_value end,
        case when missing_baseline is null then actual_value end,
        is_synthetic,
        'baseline missing: ' || missing_baseline,
        'missing: ' || missing_target,
        cast(null as string),
        cast(null as string),
        cast(null as string),
        cast(null as string)
    from differences
),

-- A break between the first day of what is compared with and the end of the target period makes the two incomparable.
spans as (
    select distinct
        figures.target_id,
        targets.numerator_measure,
        targets.denominator_measure,
        span.kind,
        -- A rolling average compares with what was counted three years earlier.
        {{ add_months(
            "case span.kind when 'baseline' then targets.baseline_start else figures.previous_start end",
            "case when targets.formula_kind = 'rolling_average_change' then -36 else 0 end"
        ) }} as first_day,
        {{ add_months("targets.target_start", 12) }} as end_day
    from figures
    inner join targets
        on figures.target_id = targets.target_id
    cross join (values ('baseline'), ('previous')) as span (kind)
),

straddled as (
    select
        spans.target_id,
        {{ listed("case when spans.kind = 'baseline' then series_breaks.title end") }} as breaks_since_baseline,
        {{ listed("case when spans.kind = 'previous' then series_breaks.title end") }} as breaks_since_previous
    from spans
    inner join {{ ref("series_breaks") }} as series_breaks
        on
            series_breaks.measure_code in (spans.numerator_measure, spans.denominator_measure)
            and spans.first_day < series_breaks.break_date
            and spans.end_day > series_breaks.break_date
    group by spans.target_id
),

aimed as (
    select
        targets.*,
        figures.months_elapsed,
        figures.as_at,
        figures.is_measurable,
        figures.baseline_value,
        figures.actual_to_date,
        figures.actual_lower,
        figures.actual_upper,
        figures.baseline_to_date,
        figures.profile_share,
        figures.change_on_previous,
        figures.previous_is_significant,
        figures.outturn,
        figures.outturn_lower,
        figures.outturn_upper,
        figures.is_synthetic,
        figures.baseline_note,
        figures.target_note,
        figures.profile_note,
        figures.vintage_note,
        figures.exposure_note,
        figures.projection_note,
        straddled.breaks_since_baseline,
        straddled.breaks_since_previous,
        case when straddled.breaks_since_baseline is null then figures.change_p_value end as change_p_value,
        case when straddled.breaks_since_baseline is null then figures.change_lower end as change_lower,
        case when straddled.breaks_since_baseline is null then figures.change_upper end as change_upper,
        case when straddled.breaks_since_baseline is null then figures.change_is_significant end as change_is_significant,
        case
            when figures.is_measurable
                then coalesce(
                    targets.target_absolute,
                    figures.baseline_value + targets.target_change_points,
                    figures.baseline_value * (1 + targets.target_change_pct / 100)
                )
        end as target_value
    from figures
    inner join targets
        on figures.target_id = targets.target_id
    left join straddled
        on figures.target_id = straddled.target_id
),

profiled as (
    select
        aimed.*,
        case when actual_to_date is not null then target_value * profile_share end as profiled_target_to_date,
        case polarity when 'higher_is_better' then 1 when 'lower_is_better' then -1 end as better_direction,
        -- Nothing is wanted of what is to be held: it is missed on either side.
        case
            when target_type = 'reduction' then -1
            when target_type = 'increase' then 1
            when target_type = 'maintain' then 0
            when polarity = 'higher_is_better' then 1
            when polarity = 'lower_is_better' then -1
            else sign(target_value - baseline_value)
        end as wanted_direction
    from aimed
),

tolerant as (
    select
        profiled.*,
        -- How much worse than the profile is still amber, or held; an interval reaches as far as the figure's own limit.
        case rag_basis
            when 'relative' then abs(profiled_target_to_date) * tolerance / 100
            when 'points' then tolerance
            when 'interval'
                then case
                    when wanted_direction < 0 or (wanted_direction = 0 and actual_to_date > profiled_target_to_date)
                        then actual_to_date - actual_lower
                    else actual_upper - actual_to_date
                end
        end as tolerated
    from profiled
),

compared as (
    select
        tolerant.*,
        round(
            case
                when wanted_direction = 0 then abs(actual_to_date - profiled_target_to_date) - tolerated
                else -wanted_direction * (actual_to_date - profiled_target_to_date)
            end,
            9
        ) as worse_by,
        round(
            case
                when wanted_direction = 0 then abs(actual_to_date - target_value) - tolerated
                else -wanted_direction * (actual_to_date - target_value)
            end,
            9
        ) as missed_by
    from tolerant
)

select
    target_id,
    plan_id,
    priority_code,
    lead_agency,
    indicator_code,
    area_code,
    basis,
    target_status,
    baseline_period,
    round(baseline_value, 6) as baseline_value,
    target_period,
    target_change_pct,
    target_change_points,
    round(target_value, 6) as target_value,
    as_at,
    cast(months_elapsed as integer) as months_elapsed,
    round(actual_to_date, 6) as actual_to_date,
    round(actual_lower, 6) as actual_lower_95,
    round(actual_upper, 6) as actual_upper_95,
    round(baseline_to_date, 6) as baseline_to_date,
    profile,
    round(profiled_target_to_date, 6) as profiled_target_to_date,
    round(actual_to_date - profiled_target_to_date, 6) as variance_to_profile,
    case
        when not is_in_points and profiled_target_to_date > 0
            then round(100 * (actual_to_date - profiled_target_to_date) / profiled_target_to_date, 6)
    end as variance_to_profile_pct,
    round(actual_to_date - baseline_to_date, 6) as change_on_baseline,
    case
        when not is_in_points and baseline_to_date > 0 then round(100 * (actual_to_date / baseline_to_date - 1), 6)
    end as change_on_baseline_pct,
    change_p_value,
    round(change_lower, 6) as change_lower_95,
    round(change_upper, 6) as change_upper_95,
    change_is_significant,
    round(outturn, 6) as projected_outturn,
    round(outturn_lower, 6) as projected_lower_95,
    round(outturn_upper, 6) as projected_upper_95,
    rag_scheme,
    case
        when breaks_since_baseline is not null or is_contested or worse_by is null or tolerated is null then 'grey'
        when worse_by <= 0 then 'green'
        when wanted_direction <> 0 and round(worse_by - tolerated, 9) <= 0 then 'amber'
        else 'red'
    end as rag,
    case
        when polarity = 'neutral' or is_contested or breaks_since_previous is not null or previous_is_significant is null
            then null
        when not previous_is_significant or change_on_previous = 0 then 'steady'
        when change_on_previous * better_direction > 0 then 'improving'
        else 'worsening'
    end as direction_of_travel,
    case
        when target_status = 'not_set' then 'no_target'
        when months_elapsed = 0 then 'in_progress'
        when missed_by is null then 'not_measurable'
        when breaks_since_baseline is not null then 'not_comparable'
        when is_contested then 'contested'
        when months_elapsed < 12 then 'in_progress'
        when missed_by <= 0 then 'met'
        else 'not_met'
    end as outcome,
    breaks_since_baseline is null as comparable,
    is_contested,
    is_synthetic,
    nullif(
        concat_ws(
            '; ',
            nullif(plan_status, 'agreed'),
            case when months_elapsed = 0 then 'no month of the target period has ended' end,
            baseline_note,
            target_note,
            profile_note,
            vintage_note,
            exposure_note,
            case when target_status = 'not_set' then 'no target set' end,
            'not comparable: ' || breaks_since_baseline,
            case when is_contested then 'no colour, no direction, no verdict: which way is good is contested' end,
            case
                when wanted_direction = 0 and actual_to_date is not null and tolerated is null
                    then 'no interval to tell whether it was held'
            end,
            projection_note
        ),
        ''
    ) as note
from compared
order by target_id, months_elapsed
