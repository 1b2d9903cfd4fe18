with targets as (select * from {{ ref("targets") }}),
indicators as (select * from {{ ref("indicators") }}),
measured as (select * from {{ ref("int_targets__measured") }}),
straddled as (select * from {{ ref("int_targets__straddled") }}),

aimed as (
    select
        targets.*,
        indicators.polarity,
        indicators.polarity_contested as is_contested,
        targets.basis = 'percentage' as is_in_points,
        measured.months_elapsed,
        measured.as_at,
        measured.is_measurable,
        measured.baseline_value,
        measured.actual_to_date,
        measured.actual_lower,
        measured.actual_upper,
        measured.baseline_to_date,
        measured.profile_share,
        measured.change_on_previous,
        measured.previous_is_significant,
        measured.outturn,
        measured.outturn_lower,
        measured.outturn_upper,
        measured.is_complete,
        measured.status,
        measured.is_synthetic,
        measured.baseline_note,
        measured.target_note,
        measured.profile_note,
        measured.vintage_note,
        measured.exposure_note,
        measured.projection_note,
        straddled.breaks_since_baseline,
        straddled.breaks_since_previous,
        case when straddled.breaks_since_baseline is null then measured.change_p_value end as change_p_value,
        case when straddled.breaks_since_baseline is null then measured.change_lower end as change_lower,
        case when straddled.breaks_since_baseline is null then measured.change_upper end as change_upper,
        case when straddled.breaks_since_baseline is null then measured.change_is_significant end as change_is_significant,
        case
            when measured.is_measurable
                then coalesce(
                    targets.target_absolute,
                    measured.baseline_value + targets.target_change_points,
                    measured.baseline_value * (1 + targets.target_change_pct / 100)
                )
        end as target_value
    from measured
    inner join targets
        on measured.target_id = targets.target_id
    inner join indicators
        on targets.indicator_code = indicators.indicator_code
    left join straddled
        on measured.target_id = straddled.target_id
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
    indicator_title,
    main_indicator_code,
    area_code,
    area_name,
    area_level,
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
    is_complete,
    status,
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
