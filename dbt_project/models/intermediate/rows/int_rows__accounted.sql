{{ config(materialized="table") }}

{%- set names_of_feeds_in_cells = "'" ~ feeds_in_cells() | map("last") | join("', '") ~ "'" %}

with standing_deliveries as (select * from {{ ref("int_deliveries__ranked") }} where is_standing),
located as (select * from {{ ref("int_rows__located") }} where is_standing),
population_rows as (select * from {{ ref("int_populations__accounted") }}),
context_rows as (select * from {{ ref("stg_ohid__fingertips") }}),

rejections as (
    select
        feed,
        period_start,
        {{ each_entry("rejected_by_rule") }} as rejection
    from standing_deliveries
),

-- A row with several counts (a fire and its casualties, a column a heading) is one row, counted if any of it is. In cells a row has one.
measured_rows as (
    select
        feed,
        min(period_start) as period_start,
        max(row_count) as row_count,
        case when count(*) = count(exclusion_reason) then 'excluded: ' || min(exclusion_reason) else 'counted' end as outcome
    from located
    where feed not in ({{ names_of_feeds_in_cells }})
    group by feed, file_sha256, row_number
    union all
    select
        feed,
        period_start,
        sum(row_count) as row_count,
        coalesce('excluded: ' || exclusion_reason, 'counted') as outcome
    from located
    where feed in ({{ names_of_feeds_in_cells }})
    group by feed, period_start, exclusion_reason
),

accounts as (
    select
        feed,
        period_start,
        'intake' as stage,
        'rejected: ' || rejection.key as outcome,
        rejection.value as row_count
    from rejections
    union all
    select
        feed,
        period_start,
        'measures' as stage,
        outcome,
        row_count
    from measured_rows
    union all
    select
        feed,
        period_start,
        'populations' as stage,
        outcome,
        1 as row_count
    from population_rows
    union all
    select
        context_rows.feed,
        standing_deliveries.period_start,
        'context' as stage,
        'shown as published, counted in nothing' as outcome,
        1 as row_count
    from context_rows
    inner join standing_deliveries
        on
            context_rows.feed = standing_deliveries.feed
            and context_rows.file_sha256 = standing_deliveries.file_sha256
)

select
    feed,
    period_start,
    stage,
    outcome,
    cast(sum(row_count) as bigint) as row_count
from accounts
group by feed, period_start, stage, outcome
having sum(row_count) > 0
