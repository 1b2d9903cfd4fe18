with points as (select * from {{ ref("int_months__charted") }}),
rules as (select * from {{ ref("control_chart_rules") }}),

-- A baseline is fixed: the first months of a series, and never moved by later ones.
baselines as (
    select
        points.indicator_code,
        points.area_code,
        points.series_start,
        min(points.period_start) as baseline_start,
        max(points.period_end) as baseline_end,
        cast(count(*) as integer) as baseline_points,
        avg(points.value) as centre_line,
        rules.limit_factor * avg(case when points.follows_on then abs(points.value - points.previous_value) end) as limit_distance,
        min(points.value) >= 0 as is_never_negative,
        bool_or(points.is_synthetic) as is_synthetic
    from points
    cross join rules
    where points.point_number <= rules.baseline_points
    group by
        points.indicator_code, points.area_code, points.series_start,
        rules.limit_factor, rules.minimum_points, rules.smallest_mean_count
    having
        count(*) >= rules.minimum_points
        and coalesce(avg(points.numerator), rules.smallest_mean_count) >= rules.smallest_mean_count
),

sided as (
    select
        points.*,
        baselines.baseline_start,
        baselines.baseline_end,
        baselines.baseline_points,
        baselines.centre_line,
        baselines.limit_distance,
        baselines.is_never_negative,
        baselines.is_synthetic as baseline_is_synthetic,
        sign(round(points.value - baselines.centre_line, 10)) as side,
        case when points.follows_on then sign(round(points.value - points.previous_value, 10)) else 0 end as movement,
        case
            when abs(points.value - baselines.centre_line) > rules.near_share * baselines.limit_distance
                then sign(points.value - baselines.centre_line)
            else 0
        end as near_side
    from points
    inner join baselines
        on
            points.indicator_code = baselines.indicator_code
            and points.area_code = baselines.area_code
            and points.series_start = baselines.series_start
    cross join rules
),

-- Months in a row with the same side or movement have the same difference of the two numbers.
in_a_row as (
    select
        *,
        row_number() over stretch - row_number() over same_side as side_run,
        row_number() over stretch - row_number() over same_movement as movement_run
    from sided
    window
        stretch as (partition by indicator_code, area_code, series_start, stretch_number order by period_start),
        same_side as (partition by indicator_code, area_code, series_start, stretch_number, side order by period_start),
        same_movement as (partition by indicator_code, area_code, series_start, stretch_number, movement order by period_start)
),

measured as (
    select
        *,
        case when side <> 0 then count(*) over side_runs else 0 end as run_length,
        -- A movement has a month before it, so so many movements are one month more.
        case when movement <> 0 then count(*) over movement_runs + 1 else 0 end as trend_length,
        greatest({{ near_in_window("near_side > 0") }}) as near_high_count,
        greatest({{ near_in_window("near_side < 0") }}) as near_low_count
    from in_a_row
    window
        side_runs as (partition by indicator_code, area_code, series_start, stretch_number, side, side_run),
        movement_runs as (partition by indicator_code, area_code, series_start, stretch_number, movement, movement_run),
        {{ near_windows() }}
),

judged as (
    select
        measured.*,
        abs(measured.value - measured.centre_line) > measured.limit_distance as is_outside,
        measured.run_length >= rules.run_points as is_in_run,
        measured.near_side <> 0
        and case when measured.near_side > 0 then measured.near_high_count else measured.near_low_count end >= 2
            as is_near,
        -- The month from which a trend starts belongs to it.
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
            partition by measured.indicator_code, measured.area_code, measured.series_start, measured.stretch_number
            order by measured.period_start
        )
)

select
    indicator_code,
    area_code,
    area_name,
    area_level,
    period_start,
    period_end,
    period_label,
    value,
    unit,
    baseline_start,
    baseline_end,
    baseline_points,
    round(centre_line, 10) as centre_line,
    -- What can only be 0 or more has no limit below it.
    round(
        case when is_never_negative then greatest(centre_line - limit_distance, 0) else centre_line - limit_distance end, 10
    ) as lower_limit,
    round(centre_line + limit_distance, 10) as upper_limit,
    is_outside or is_in_run or is_near or is_in_trend as is_signal,
    nullif(concat_ws(
        ', ',
        case when is_outside then 'outside the limits' end,
        case when is_in_run then 'one of ' || run_points || ' or more in a row on one side of the mean' end,
        case when is_near then 'one of 2 out of 3 near the same limit' end,
        case when is_in_trend then 'one of ' || trend_points || ' or more in a row that rise or fall' end
    ), '') as signals,
    case
        when not (is_outside or is_in_run or is_near or is_in_trend) then 'steady'
        when polarity_contested or polarity not in ('lower_is_better', 'higher_is_better') then 'changed'
        when (side > 0) = (polarity = 'higher_is_better') then 'improving'
        else 'worsening'
    end as control_state,
    is_synthetic or baseline_is_synthetic as is_synthetic
from judged
order by indicator_code, area_code, period_start
