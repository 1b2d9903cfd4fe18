{#
What residents name as a problem beside what is recorded of it, in the same year and area; only what has both figures is on the two lists.
#}
with problems as (select * from {{ ref("plan_problems") }}),
years as (select * from {{ ref("int_years__paired") }} where is_plan_area and value is not null),

listed as (
    select
        problems.plan_id,
        problems.problem,
        problems.reasoning,
        problems.view_indicator,
        problems.recorded_indicator,
        views.area_code,
        views.period_label,
        records.value as recorded_value,
        rank() over (
            partition by problems.plan_id, views.area_code, views.period_label
            order by views.value desc
        ) as views_rank,
        rank() over (
            partition by problems.plan_id, views.area_code, views.period_label
            order by records.value desc
        ) as recorded_rank,
        count(*) over (partition by problems.plan_id, views.area_code, views.period_label) as ranked_count
    from problems
    inner join years as views
        on
            problems.plan_id = views.plan_id
            and problems.view_indicator = views.indicator_code
    inner join years as records
        on
            views.plan_id = records.plan_id
            and views.area_code = records.area_code
            and views.period_label = records.period_label
            and problems.recorded_indicator = records.indicator_code
)

select
    plan_id,
    view_indicator,
    area_code,
    period_label,
    problem,
    reasoning,
    recorded_indicator,
    recorded_value,
    cast(views_rank as integer) as views_rank,
    cast(recorded_rank as integer) as recorded_rank,
    cast(ranked_count as integer) as ranked_count,
    cast(recorded_rank - views_rank as integer) as ranks_higher
from listed
