with counted as (select * from {{ ref("int_targets__counted") }}),
waves as (select * from {{ ref("int_waves__compared") }}),

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
)

select * from counted
union all by name
select * from by_wave
