{{ config(materialized="table") }}

with run_inputs as (select * from {{ ref("stg_run__inputs") }}),
feeds as (select * from {{ ref("stg_ledger__feeds") }}),

-- What has not ended by the as-at date is still to come, and nobody owes it.
period_months as (
    select
        expanded.*,
        not expanded.is_delivered
        and last_day({{ add_months("expanded.month", "expanded.step_months - 1") }}) > run_inputs.as_at as is_to_come
    from {{ ref("int_periods__expanded") }} as expanded
    cross join run_inputs
),

counted as (
    select
        feed,
        home_area_code,
        period_type,
        period_start,
        period_end,
        period_label,
        reference_year,
        step_months,
        latest_place,
        count(*) as parts_needed,
        sum(case when is_delivered then 1 else 0 end) as parts_delivered,
        sum(case when is_to_come then 1 else 0 end) as parts_to_come,
        {{ listed("case when not is_delivered and not is_to_come then " ~ month_label("month") ~ " end") }} as missing_months,
        {{ listed("unusual_size || ' in ' || " ~ month_label("month")) }} as unusual_months
    from period_months
    group by feed, home_area_code, period_type, period_start, period_end, period_label, reference_year, step_months, latest_place
)

select
    counted.feed,
    counted.home_area_code,
    counted.period_type,
    counted.period_start,
    counted.period_end,
    counted.period_label,
    counted.reference_year,
    counted.step_months,
    counted.latest_place,
    cast(counted.parts_needed as integer) as parts_needed,
    counted.parts_delivered > 0 as is_begun,
    counted.parts_delivered = counted.parts_needed as is_complete,
    case
        when counted.parts_delivered < counted.parts_needed
            then
                counted.parts_delivered || ' of ' || counted.parts_needed
                || case counted.step_months when 1 then ' months' when 3 then ' quarters' else ' years' end
                || ' delivered' || coalesce('; missing ' || counted.missing_months, '')
                || case when counted.parts_to_come > 0 then '; ' || counted.parts_to_come || ' still to come' else '' end
    end as completeness_note,
    counted.unusual_months || ': ask its sender whether that is right' as size_note,
    -- The revision window is over when as many whole months have ended since the period did.
    coalesce(
        last_day({{ add_months("counted.period_end", "feeds.revision_window_months") }}) <= run_inputs.as_at, false
    ) as is_past_revision_window
from counted
cross join run_inputs
left join feeds
    on counted.feed = feeds.feed
