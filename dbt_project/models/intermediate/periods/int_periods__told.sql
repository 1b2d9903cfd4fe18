{{ config(materialized="table") }}

{# What holds of a measure in every area of a supplier, whether anything was counted there or not. #}
with period_months as (select * from {{ ref("int_periods__expanded") }} where is_delivered),
months_delivered as (select * from {{ ref("int_months__delivered") }}),
undecided as (select * from {{ ref("int_measures__undecided") }}),
-- What may have been counted anew because an earlier delivery was corrected.
reconsidered as (select * from {{ ref("int_months__reconsidered") }}),

counted_by_cell as (
    select source_feed from {{ ref("feed_count_periods") }}
    where counted_by = 'period'
)

select
    measures.measure_code,
    period_months.feed,
    period_months.home_area_code,
    period_months.period_type,
    period_months.period_label,
    bool_or(months_delivered.is_synthetic) as is_synthetic,
    bool_or(period_months.is_changed_in_place or reconsidered.month is not null) as is_revised
from period_months
inner join months_delivered
    on
        period_months.feed = months_delivered.feed
        and period_months.home_area_code = months_delivered.home_area_code
        and period_months.month = months_delivered.month
inner join {{ ref("measures") }} as measures
    on period_months.feed = measures.source_feed
left join undecided
    on
        months_delivered.feed = undecided.feed
        and months_delivered.file_sha256 = undecided.file_sha256
        and measures.measure_code = undecided.measure_code
left join reconsidered
    on
        period_months.feed = reconsidered.feed
        and period_months.home_area_code = reconsidered.home_area_code
        and measures.measure_code = reconsidered.measure_code
        and period_months.month = reconsidered.month
where
    undecided.measure_code is null
    and period_months.feed not in (select counted_by_cell.source_feed from counted_by_cell)
group by
    measures.measure_code,
    period_months.feed,
    period_months.home_area_code,
    period_months.period_type,
    period_months.period_label
