{{ config(materialized="table") }}

with period_months as (select * from {{ ref("int_periods__expanded") }}),
run_inputs as (select * from {{ ref("stg_run__inputs") }}),
feeds as (select * from {{ ref("stg_ledger__feeds") }}),

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
        count(*) as parts_needed,
        sum(case when is_delivered then 1 else 0 end) as parts_delivered,
        {{ listed("case when not is_delivered then " ~ month_label("month") ~ " end") }} as missing_months
    from period_months
    group by feed, home_area_code, period_type, period_start, period_end, period_label, reference_year, step_months
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
    cast(counted.parts_needed as integer) as parts_needed,
    counted.parts_delivered = counted.parts_needed as is_complete,
    counted.parts_delivered || ' of ' || counted.parts_needed
    || case counted.step_months when 1 then ' months' when 3 then ' quarters' else ' years' end
    || ' delivered; missing ' || counted.missing_months as completeness_note,
    -- The revision window is over when as many whole months have ended since the period did.
    coalesce(
        last_day({{ add_months("counted.period_end", "feeds.revision_window_months") }}) <= run_inputs.as_at, false
    ) as is_past_revision_window
from counted
cross join run_inputs
left join feeds
    on counted.feed = feeds.feed
