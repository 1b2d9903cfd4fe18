{{ config(materialized="table") }}

with periods as (select * from {{ ref("int_periods__listed") }}),
months_delivered as (select * from {{ ref("int_months__delivered") }}),

unusual as (
    select
        feed,
        file_sha256,
        max(unusual_size) as unusual_size
    from {{ ref("stg_ledger__receipts") }}
    where is_accepted and unusual_size is not null
    group by feed, file_sha256
),

every_month as (
    select
        periods.*,
        {{ each_month("periods.first_month", "periods.last_month") }} as month
    from periods
),

-- Counts of whole quarters or years stand at their first month.
period_months as (
    select * from every_month
    where (12 * (year(month) - year(first_month)) + month(month) - month(first_month)) % step_months = 0
)

select
    period_months.feed,
    period_months.home_area_code,
    period_months.period_type,
    period_months.first_month as period_start,
    last_day(period_months.last_month) as period_end,
    period_months.period_label,
    cast(year({{ financial_year_start("period_months.last_month") }}) as integer) as reference_year,
    period_months.step_months,
    period_months.latest_place,
    period_months.month,
    months_delivered.month is not null as is_delivered,
    coalesce(months_delivered.is_changed_in_place, false) as is_changed_in_place,
    unusual.unusual_size
from period_months
left join months_delivered
    on
        period_months.feed = months_delivered.feed
        and period_months.home_area_code = months_delivered.home_area_code
        and period_months.month = months_delivered.month
        and period_months.step_months = months_delivered.months_spanned
left join unusual
    on
        months_delivered.feed = unusual.feed
        and months_delivered.file_sha256 = unusual.file_sha256
