{{ config(materialized="table") }}

with period_months as (select * from {{ ref("int_periods__expanded") }} where is_delivered),
accepted as (select * from {{ ref("int_months__accepted") }}),
feeds as (select * from {{ ref("stg_ledger__feeds") }}),
limits as (select * from {{ ref("completeness_rules") }} where rule = 'rows without place'),

-- A nation's table names its areas itself.
counted as (
    select
        period_months.feed,
        period_months.home_area_code,
        period_months.period_type,
        period_months.period_label,
        sum(accepted.row_count) as row_count,
        sum(accepted.rows_without_place) as rows_without_place,
        sum(accepted.rows_outside) as rows_outside
    from period_months
    inner join accepted
        on
            period_months.feed = accepted.feed
            and period_months.home_area_code = accepted.home_area_code
            and period_months.month = accepted.month
    where accepted.home_area_level not in ('nation', 'district')
    group by period_months.feed, period_months.home_area_code, period_months.period_type, period_months.period_label
    having sum(accepted.rows_without_place) + sum(accepted.rows_outside) > 0
)

select
    counted.feed,
    counted.home_area_code,
    counted.period_type,
    counted.period_label,
    case
        when coalesce(feeds.rows_are_people, true)
            then 'some rows of the supplier have no place in its area: its parts are too low by an unknown number'
        else
            'of ' || {{ number_text("counted.row_count", 0) }} || ' rows of the supplier '
            || concat_ws(
                ' and ',
                case
                    when counted.rows_without_place > 0
                        then
                            {{ number_text("counted.rows_without_place", 0) }}
                            || ' (' || round(100.0 * counted.rows_without_place / counted.row_count, 1)
                            || '%) have no place'
                end,
                case
                    when counted.rows_outside > 0
                        then
                            {{ number_text("counted.rows_outside", 0) }}
                            || ' (' || round(100.0 * counted.rows_outside / counted.row_count, 1)
                            || '%) lie outside its area'
                end
            )
            || ': its parts are too low by an unknown number'
    end as place_note,
    coalesce(
        counted.rows_without_place + counted.rows_outside > limits.incomplete_over_share * counted.row_count, false
    ) as is_incomplete
from counted
cross join limits
left join feeds
    on counted.feed = feeds.feed
