with period_months as (select * from {{ ref("int_periods__expanded") }}),
unplaced as (select * from {{ ref("int_areas__unplaced") }})

select
    period_months.feed,
    period_months.home_area_code,
    unplaced.area_code,
    period_months.period_type,
    period_months.period_label,
    'missing: no row delivered names a ' || {{ listed("unplaced.kind") }} || ' in '
    || {{ listed(month_label("unplaced.month")) }} as unplaced_note
from period_months
inner join unplaced
    on
        period_months.feed = unplaced.feed
        and period_months.home_area_code = unplaced.home_area_code
        and period_months.month = unplaced.month
group by
    period_months.feed,
    period_months.home_area_code,
    unplaced.area_code,
    period_months.period_type,
    period_months.period_label
