with standing_deliveries as (

    select * from {{ ref("int_deliveries__ranked") }}
    where is_standing

),

located as (

    select * from {{ ref("int_rows__located") }}

),

rejections as (

    select
        feed,
        period_start,
        {{ each_entry("rejected_by_rule") }} as rejection
    from standing_deliveries

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
        coalesce('excluded: ' || exclusion_reason, 'counted') as outcome,
        1 as row_count
    from located
    where is_standing

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
order by feed, period_start, stage, outcome
