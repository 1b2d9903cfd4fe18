with points as (select * from {{ ref("int_points__charted") }}),
rules as (select * from {{ ref("control_chart_rules") }}),

sided as (
    select
        points.*,
        sign(round(points.value - points.centre, 10)) as side,
        case when points.follows_on then sign(round(points.value - points.previous_value, 10)) else 0 end as movement,
        case
            when abs(points.value - points.centre) > rules.near_share * points.distance
                then sign(points.value - points.centre)
            else 0
        end as near_side
    from points
    cross join rules
),

-- Points in a row with the same side or movement have the same difference of the two numbers.
in_a_row as (
    select
        *,
        row_number() over stretch - row_number() over same_side as side_run,
        row_number() over stretch - row_number() over same_movement as movement_run
    from sided
    window
        stretch as (partition by chart, indicator_code, area_code, series_start, stretch_number order by point_number),
        same_side as (partition by chart, indicator_code, area_code, series_start, stretch_number, side order by point_number),
        same_movement as (partition by chart, indicator_code, area_code, series_start, stretch_number, movement order by point_number)
),

measured as (
    select
        *,
        case when side <> 0 then count(*) over side_runs else 0 end as run_length,
        -- A movement has a point before it, so so many movements are one point more.
        case when movement <> 0 then count(*) over movement_runs + 1 else 0 end as trend_length,
        greatest({{ near_in_window("near_side > 0") }}) as near_high_count,
        greatest({{ near_in_window("near_side < 0") }}) as near_low_count
    from in_a_row
    window
        side_runs as (partition by chart, indicator_code, area_code, series_start, stretch_number, side, side_run),
        movement_runs as (partition by chart, indicator_code, area_code, series_start, stretch_number, movement, movement_run),
        {{ near_windows() }}
),

judged as (
    select
        measured.*,
        abs(measured.value - measured.centre) > measured.distance as is_outside,
        measured.run_length >= rules.run_points as is_in_run,
        measured.near_side <> 0
        and case when measured.near_side > 0 then measured.near_high_count else measured.near_low_count end >= 2
            as is_near,
        -- The point from which a trend starts belongs to it.
        greatest(
            measured.trend_length,
            coalesce(case when lead(measured.movement) over stretch <> 0 then lead(measured.trend_length) over stretch end, 0)
        ) >= rules.trend_points as is_in_trend,
        rules.run_points,
        rules.trend_points
    from measured
    cross join rules
    window
        stretch as (
            partition by measured.chart, measured.indicator_code, measured.area_code, measured.series_start, measured.stretch_number
            order by measured.point_number
        )
)

select
    * exclude (
        follows_on, previous_value, movement, near_side, side_run, movement_run, run_length, trend_length, near_high_count, near_low_count,
        is_outside, is_in_run, is_near, is_in_trend, run_points, trend_points
    ),
    is_outside or is_in_run or is_near or is_in_trend as is_signal,
    nullif(concat_ws(
        ', ',
        case when is_outside then 'outside the limits' end,
        case when is_in_run then 'one of ' || run_points || ' or more in a row on one side of the ' || centre_word end,
        case when is_near then 'one of 2 out of 3 near the same limit' end,
        case when is_in_trend then 'one of ' || trend_points || ' or more in a row that rise or fall' end
    ), '') as signals,
    case
        when not (is_outside or is_in_run or is_near or is_in_trend) then 'steady'
        when better_side = 0 or side = 0 then 'changed'
        when side = better_side then 'improving'
        else 'worsening'
    end as control_state
from judged
