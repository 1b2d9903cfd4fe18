with period_months as (select * from {{ ref("int_periods__expanded") }}),
months_delivered as (select * from {{ ref("int_months__delivered") }}),
undecided as (select * from {{ ref("int_measures__undecided") }})

select
    undecided.measure_code,
    period_months.feed,
    period_months.home_area_code,
    period_months.period_type,
    period_months.period_label,
    'missing: ' || {{ listed("undecided.note") }} || ' in ' || {{ listed(month_label("period_months.month")) }} as undecided_note
from period_months
inner join months_delivered
    on
        period_months.feed = months_delivered.feed
        and period_months.home_area_code = months_delivered.home_area_code
        and period_months.month = months_delivered.month
inner join undecided
    on
        months_delivered.feed = undecided.feed
        and months_delivered.file_sha256 = undecided.file_sha256
group by
    undecided.measure_code,
    period_months.feed,
    period_months.home_area_code,
    period_months.period_type,
    period_months.period_label
