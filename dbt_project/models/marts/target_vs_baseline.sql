with targets as (

    select * from {{ ref("targets") }}

),

indicators as (

    select * from {{ ref("indicators") }}

),

followed as (

    select * from {{ ref("int_targets__followed") }}

),

changes as (

    select * from {{ ref("int_changes__tested") }}

),

outturns as (

    select * from {{ ref("int_outturns__projected") }}

),

-- A break between the first day of the baseline and the end of the target period makes the two incomparable.
straddled as (

    select
        targets.target_id,
        {{ listed("series_breaks.title") }} as titles
    from targets
    inner join indicators
        on targets.indicator_code = indicators.indicator_code
    inner join {{ ref("series_breaks") }} as series_breaks
        on
            indicators.numerator_measure = series_breaks.measure_code
            and {{ financial_year_of_label("targets.baseline_period") }} < series_breaks.break_date
            and {{ add_months(financial_year_of_label("targets.target_period"), 12) }} > series_breaks.break_date
    group by targets.target_id

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
scaled as (

    select
        targets.*,
        measurable.months_elapsed,
        measurable.as_at,
        measurable.actual_count,
        measurable.baseline_to_date_count,
        measurable.previous_to_date_count,
        measurable.baseline_count,
        measurable.target_exposure,
        measurable.baseline_exposure,
        measurable.baseline_comparison_share,
        measurable.previous_comparison_share,
        measurable.missing_baseline_months,
        measurable.missing_target_months,
        measurable.vintage_note,
        measurable.is_synthetic,
        measurable.is_measurable,
        straddled.titles as straddled_breaks,
        indicators.polarity,
        indicators.polarity_contested,
        case
            when indicators.polarity = 'higher_is_better' then 1
            when indicators.polarity = 'lower_is_better' then -1
            else sign(targets.target_change_pct)
        end as wanted_direction,
        indicators.multiplier / measurable.target_exposure as target_scale,
        indicators.multiplier / measurable.baseline_exposure as baseline_scale
    from targets
    inner join indicators
        on targets.indicator_code = indicators.indicator_code
    inner join measurable
        on targets.target_id = measurable.target_id
    left join straddled
        on targets.target_id = straddled.target_id

),

figured as (

    select
        scaled.*,
        case when is_measurable then baseline_count * baseline_scale end as baseline_value,
        case when is_measurable then baseline_count * baseline_scale * (1 + target_change_pct / 100) end as target_value,
        case when is_measurable and months_elapsed > 0 then actual_count * target_scale end as actual_to_date,
        case when is_measurable and months_elapsed > 0 then baseline_to_date_count * baseline_scale end as baseline_to_date,
        -- target value x baseline to date / baseline value, without dividing by a baseline of nothing
        case
            when is_measurable and months_elapsed > 0
                then baseline_to_date_count * baseline_scale * (1 + target_change_pct / 100)
        end as profiled_target_to_date
    from scaled

),

compared as (

    select
        figured.*,
        baseline_change.p_value as change_p_value,
        previous_change.p_value as previous_change_p_value,
        figured.actual_count * (1 - figured.previous_comparison_share)
        - figured.previous_to_date_count * figured.previous_comparison_share as change_on_previous,
        round(-figured.wanted_direction * (figured.actual_to_date - figured.profiled_target_to_date), 9) as worse_by,
        round(-figured.wanted_direction * (figured.actual_to_date - figured.target_value), 9) as missed_by,
        -- At the end of the year the outturn is what was counted.
        case when figured.months_elapsed = 12 then figured.actual_count else outturns.outturn end as outturn,
        case when figured.months_elapsed = 12 then figured.actual_count else outturns.lower_95 end as outturn_lower,
        case when figured.months_elapsed = 12 then figured.actual_count else outturns.upper_95 end as outturn_upper
    from figured
    left join changes as baseline_change
        on
            figured.is_measurable
            and figured.actual_count = baseline_change.actual_count
            and figured.baseline_to_date_count = baseline_change.comparison_count
            and figured.baseline_comparison_share = baseline_change.expected_share
    left join changes as previous_change
        on
            figured.is_measurable
            and figured.actual_count = previous_change.actual_count
            and figured.previous_to_date_count = previous_change.comparison_count
            and figured.previous_comparison_share = previous_change.expected_share
    left join outturns
        on
            figured.is_measurable
            and figured.target_id = outturns.target_id
            and figured.months_elapsed = outturns.months_elapsed

)

select
    target_id,
    plan_id,
    priority_code,
    lead_agency,
    indicator_code,
    area_code,
    basis,
    baseline_period,
    round(baseline_value, 6) as baseline_value,
    target_period,
    target_change_pct,
    round(target_value, 6) as target_value,
    as_at,
    months_elapsed,
    round(actual_to_date, 6) as actual_to_date,
    round(baseline_to_date, 6) as baseline_to_date,
    round(profiled_target_to_date, 6) as profiled_target_to_date,
    case
        when profiled_target_to_date > 0
            then round(100 * (actual_to_date - profiled_target_to_date) / profiled_target_to_date, 6)
    end as variance_to_profile_pct,
    case
        when baseline_to_date > 0 then round(100 * (actual_to_date / baseline_to_date - 1), 6)
    end as change_on_baseline_pct,
    change_p_value,
    change_p_value < 0.05 as change_is_significant,
    case when is_measurable then round(outturn * target_scale, 6) end as projected_outturn,
    case when is_measurable then round(outturn_lower * target_scale, 6) end as projected_lower_95,
    case when is_measurable then round(outturn_upper * target_scale, 6) end as projected_upper_95,
    case
        when worse_by is null then 'grey'
        when worse_by <= 0 then 'green'
        when round(worse_by - profiled_target_to_date * tolerance_pct / 100, 9) <= 0 then 'amber'
        else 'red'
    end as rag,
    case
        when polarity = 'neutral' or polarity_contested or previous_change_p_value is null then null
        when previous_change_p_value >= 0.05 or change_on_previous = 0 then 'steady'
        when change_on_previous * wanted_direction > 0 then 'improving'
        else 'worsening'
    end as direction_of_travel,
    case
        when months_elapsed = 0 then 'in_progress'
        when missed_by is null then 'not_measurable'
        when months_elapsed < 12 then 'in_progress'
        when missed_by <= 0 then 'met'
        else 'not_met'
    end as outcome,
    straddled_breaks is null as comparable,
    is_synthetic,
    nullif(
        concat_ws(
            '; ',
            nullif(plan_status, 'agreed'),
            case when months_elapsed = 0 then 'no month of the target period has ended' end,
            'baseline months missing: ' || missing_baseline_months,
            'months missing: ' || missing_target_months,
            vintage_note,
            case when target_exposure is null or baseline_exposure is null then 'no population for this area' end,
            case when target_change_pct is null then 'no target set' end,
            'not comparable: ' || straddled_breaks,
            case
                when actual_to_date is not null and outturn is null
                    then 'no projection: nothing was counted in these months of the baseline year'
            end
        ),
        ''
    ) as note
from compared
order by target_id, months_elapsed
