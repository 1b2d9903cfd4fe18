with months_delivered as (

    select * from {{ ref("int_months__delivered") }}

),

run_inputs as (

    select * from {{ ref("stg_run__inputs") }}

),

forces as (

    select
        months_delivered.feed,
        months_delivered.force_code,
        min(months_delivered.month) as first_month,
        run_inputs.last_month
    from months_delivered
    cross join run_inputs
    group by months_delivered.feed, months_delivered.force_code, run_inputs.last_month

),

calendar as (

    select
        feed,
        force_code,
        first_month,
        {{ each_month("first_month", "last_month") }} as month
    from forces

),

dated as (

    select
        feed,
        force_code,
        first_month,
        month,
        {{ financial_year_start("month") }} as year_start,
        cast(date_trunc('quarter', month) as date) as quarter_start,
        {{ add_months("month", -11) }} as window_start
    from calendar

),

periods as (

    select
        feed,
        force_code,
        'month' as period_type,
        month as first_month,
        month as last_month,
        {{ month_label("month") }} as period_label
    from dated
    union all
    select distinct
        feed,
        force_code,
        'quarter',
        quarter_start,
        {{ add_months("quarter_start", 2) }},
        {{ financial_year_label("year_start") }} || ' Q' || cast((quarter(quarter_start) + 2) % 4 + 1 as string)
    from dated
    union all
    select
        feed,
        force_code,
        'year_to_date',
        year_start,
        month,
        {{ financial_year_label("year_start") }} || ' to ' || {{ month_label("month") }}
    from dated
    union all
    select
        feed,
        force_code,
        'rolling_12_months',
        window_start,
        month,
        '12 months to ' || {{ month_label("month") }}
    from dated
    where window_start >= first_month
    union all
    select distinct
        feed,
        force_code,
        'financial_year',
        year_start,
        {{ add_months("year_start", 11) }},
        {{ financial_year_label("year_start") }}
    from dated

)

select
    feed,
    force_code,
    period_type,
    first_month,
    last_month,
    period_label
from periods
