with aims as (select * from {{ ref("plan_statements") }} where kind = 'aim'),
priorities as (select * from {{ ref("plan_priorities") }}),

spoken as (
    select
        plan_id,
        priority_code,
        aim_number,
        {{ listed("case when how_it_speaks = 'measures' then indicator_code end") }} as measured_by,
        {{ listed("case when how_it_speaks = 'in_part' then indicator_code end") }} as measured_in_part_by,
        {{ listed("case when not has_figure then indicator_code end") }} as without_figures,
        string_agg(
            case when how_it_speaks = 'in_part' then indicator_code || ': ' || reasoning end, '; '
            order by indicator_code
        ) as reasons_in_part,
        cast(sum(case when has_figure then 1 else 0 end) as integer) as figure_count,
        bool_or(has_figure and how_it_speaks = 'measures') as is_measured,
        bool_or(is_synthetic) as is_synthetic
    from {{ ref("aim_indicators") }}
    group by plan_id, priority_code, aim_number
),

unspoken as (
    select
        plan_id,
        priority_code,
        aim_number,
        reasoning,
        would_measure
    from {{ ref("plan_aim_links") }}
    where how_it_speaks = 'nothing'
),

judged as (
    select
        aims.plan_id,
        aims.priority_code,
        priorities.series,
        priorities.priority_number,
        aims.statement_number as aim_number,
        aims.published_text,
        aims.plan_line,
        spoken.measured_by,
        spoken.measured_in_part_by,
        spoken.without_figures,
        spoken.reasons_in_part,
        coalesce(spoken.figure_count, 0) as figure_count,
        coalesce(spoken.is_synthetic, false) as is_synthetic,
        unspoken.reasoning,
        unspoken.would_measure,
        case
            when spoken.is_measured then 'measured'
            when spoken.figure_count > 0 then 'in_part'
            when spoken.plan_id is not null then 'no_figure'
            when unspoken.plan_id is not null then 'not_measured'
            else 'not_said'
        end as measurement
    from aims
    inner join priorities
        on
            aims.plan_id = priorities.plan_id
            and aims.priority_code = priorities.priority_code
    left join spoken
        on
            aims.plan_id = spoken.plan_id
            and aims.priority_code = spoken.priority_code
            and aims.statement_number = spoken.aim_number
    left join unspoken
        on
            aims.plan_id = unspoken.plan_id
            and aims.priority_code = unspoken.priority_code
            and aims.statement_number = unspoken.aim_number
)

select
    plan_id,
    priority_code,
    series,
    priority_number,
    aim_number,
    published_text,
    plan_line,
    measurement,
    measured_by,
    measured_in_part_by,
    figure_count,
    case measurement
        when 'in_part' then 'in part alone: ' || reasons_in_part
        when 'no_figure' then 'no complete figure is held of ' || without_figures
        when 'not_measured' then reasoning
        when 'not_said' then 'nobody has said which indicators speak to it'
    end as why_not_measured,
    would_measure,
    is_synthetic
from judged
order by plan_id, series, priority_number, aim_number
