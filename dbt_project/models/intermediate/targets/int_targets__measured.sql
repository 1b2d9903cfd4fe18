with counted as (select * from {{ ref("int_targets__counted") }}),
waves as (select * from {{ ref("int_waves__compared") }}),
targets as (select * from {{ ref("plan_targets") }}),
indicator_values as (select * from {{ ref("indicator_values") }}),

-- What has one figure a year is spread over no months: it is its own profile and outturn.
by_wave as (
    select
        target_id,
        months_elapsed,
        as_at,
        missing_baseline is null and missing_target is null as is_measurable,
        baseline_value,
        case when missing_baseline is null then actual_value end as actual_to_date,
        case when missing_baseline is null then actual_lower end as actual_lower,
        case when missing_baseline is null then actual_upper end as actual_upper,
        case when actual_value is not null then baseline_value end as baseline_to_date,
        1 as profile_share,
        change_lower,
        change_upper,
        change_lower > 0 or change_upper < 0 as change_is_significant,
        change_on_previous,
        previous_lower_change > 0 or previous_upper_change < 0 as previous_is_significant,
        previous_start,
        case when missing_baseline is null then actual_value end as outturn,
        case when missing_baseline is null then actual_value end as outturn_lower,
        case when missing_baseline is null then actual_value end as outturn_upper,
        is_synthetic,
        'baseline missing: ' || missing_baseline as baseline_note,
        'missing: ' || missing_target as target_note
    from waves
),

measured as (
    select * from counted
    union all by name
    select * from by_wave
),

-- The published figure of the same months, or of the whole year where the indicator has no year to date.
published as (
    select
        measured.target_id,
        measured.months_elapsed,
        indicator_values.period_end,
        indicator_values.is_complete,
        indicator_values.status,
        row_number() over (
            partition by measured.target_id, measured.months_elapsed
            order by indicator_values.period_end, indicator_values.period_type
        ) as preference
    from measured
    inner join targets
        on measured.target_id = targets.target_id
    inner join indicator_values
        on
            targets.indicator_code = indicator_values.indicator_code
            and targets.area_code = indicator_values.area_code
            and indicator_values.period_type in ('year_to_date', 'financial_year', 'calendar_year')
            and {{ year_of_label("targets.target_period") }} = indicator_values.period_start
            and measured.as_at <= indicator_values.period_end
    where measured.months_elapsed > 0
)

select
    measured.*,
    -- A year that is not over can still change.
    case when measured.actual_to_date is not null then coalesce(published.status, 'provisional') end as status,
    measured.months_elapsed > 0
    and case
        when measured.as_at = published.period_end then published.is_complete else measured.actual_to_date is not null
    end as is_complete
from measured
left join published
    on
        measured.target_id = published.target_id
        and measured.months_elapsed = published.months_elapsed
        and published.preference = 1
