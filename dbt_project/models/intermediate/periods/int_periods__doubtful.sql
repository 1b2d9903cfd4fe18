{{ config(materialized="table") }}

{# Measures and periods of which more rows than allowed carry unknown codes. #}
with period_months as (select * from {{ ref("int_periods__expanded") }} where is_delivered),
accepted as (select * from {{ ref("int_months__accepted") }}),
unknown as (select * from {{ ref("int_codes__unknown") }}),
concerned as (select * from {{ ref("int_codes__concerned") }}),
feeds as (select * from {{ ref("stg_ledger__feeds") }}),
limits as (select * from {{ ref("completeness_rules") }} where rule = 'unknown codes'),

with_unknown as (
    select distinct
        feed,
        home_area_code
    from unknown
    where concerns_measures
),

rows_of_periods as (
    select
        period_months.feed,
        period_months.home_area_code,
        period_months.period_type,
        period_months.period_label,
        sum(accepted.row_count) as row_count
    from period_months
    inner join with_unknown
        on
            period_months.feed = with_unknown.feed
            and period_months.home_area_code = with_unknown.home_area_code
    inner join accepted
        on
            period_months.feed = accepted.feed
            and period_months.home_area_code = accepted.home_area_code
            and period_months.month = accepted.month
    group by period_months.feed, period_months.home_area_code, period_months.period_type, period_months.period_label
),

unknown_of_periods as (
    select
        period_months.feed,
        period_months.home_area_code,
        period_months.period_type,
        period_months.period_label,
        concerned.measure_code,
        sum(unknown.row_count) as unknown_rows,
        min(unknown.code) as first_code
    from period_months
    inner join unknown
        on
            period_months.feed = unknown.feed
            and period_months.home_area_code = unknown.home_area_code
            and period_months.month = unknown.month
    inner join concerned
        on
            unknown.feed = concerned.feed
            and unknown.column_name = concerned.column_name
            and unknown.code = concerned.code
    group by
        period_months.feed,
        period_months.home_area_code,
        period_months.period_type,
        period_months.period_label,
        concerned.measure_code
)

select
    unknown.feed,
    unknown.home_area_code,
    unknown.period_type,
    unknown.period_label,
    unknown.measure_code,
    'missing: ' || case
        when coalesce(feeds.rows_are_people, true)
            then 'codes on no list in more than ' || round(100 * limits.incomplete_over_share, 2) || '% of the rows'
        else
            {{ number_text("unknown.unknown_rows", 0) }} || ' of ' || {{ number_text("rows_of_periods.row_count", 0) }} || ' rows ('
            || round(100.0 * unknown.unknown_rows / rows_of_periods.row_count, 1) || '%) carry codes on no list, such as '
            || unknown.first_code
    end as doubtful_note
from unknown_of_periods as unknown
inner join rows_of_periods
    on
        unknown.feed = rows_of_periods.feed
        and unknown.home_area_code = rows_of_periods.home_area_code
        and unknown.period_type = rows_of_periods.period_type
        and unknown.period_label = rows_of_periods.period_label
inner join limits
    on unknown.unknown_rows > limits.incomplete_over_share * rows_of_periods.row_count
left join feeds
    on unknown.feed = feeds.feed
