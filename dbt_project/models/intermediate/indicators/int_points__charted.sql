{#
The points of both charts with the baseline of their series. `value`, `centre` and `distance` are on the scale of the chart, on which
its limits lie evenly around the centre: the figure itself of months, the cube root of the share of the mean of times between events.
#}
with rules as (select * from {{ ref("control_chart_rules") }}),
months as (select * from {{ ref("int_months__charted") }}),
times as (select * from {{ ref("int_events__spaced") }}),

-- A baseline is fixed: the first points of a series, and never moved by later ones.
baselines_of_months as (
    select
        months.indicator_code,
        months.area_code,
        months.series_start,
        min(months.period_start) as baseline_start,
        max(months.period_end) as baseline_end,
        cast(count(*) as integer) as baseline_points,
        avg(months.value) as centre,
        rules.limit_factor * avg(case when months.follows_on then abs(months.value - months.previous_value) end) as distance,
        min(months.value) >= 0 as is_never_negative,
        bool_or(months.is_synthetic) as is_synthetic
    from months
    cross join rules
    where months.point_number <= rules.baseline_points
    group by
        months.indicator_code, months.area_code, months.series_start,
        rules.limit_factor, rules.minimum_points, rules.smallest_mean_count
    having
        count(*) >= rules.minimum_points
        and coalesce(avg(months.numerator), rules.smallest_mean_count) >= rules.smallest_mean_count
),

-- Times between every so many events of a steady series are spread as a gamma distribution, whose cube root is nearly normal.
baselines_of_times as (
    select
        times.indicator_code,
        times.area_code,
        times.series_start,
        min(times.wait_start) as baseline_start,
        max(times.period_end) as baseline_end,
        cast(count(*) as integer) as baseline_points,
        avg(times.value) as mean_time,
        1 - 1 / (9 * min(times.events_per_wait)) as centre,
        rules.limit_sigmas / (3 * sqrt(min(times.events_per_wait))) as distance,
        bool_or(times.is_synthetic) as is_synthetic
    from times
    cross join rules
    where times.point_number <= rules.baseline_points
    group by times.indicator_code, times.area_code, times.series_start, rules.limit_sigmas, rules.minimum_points
    having count(*) >= rules.minimum_points
)

select
    'months' as chart,
    months.indicator_code,
    months.area_code,
    months.area_name,
    months.area_level,
    months.series_start,
    months.stretch_number,
    months.point_number,
    months.period_start,
    months.period_end,
    months.period_label,
    cast(null as date) as wait_start,
    cast(null as integer) as events_per_wait,
    cast(null as integer) as months_waited,
    cast(null as double) as mean_time,
    months.unit,
    months.value,
    months.follows_on,
    months.previous_value,
    baselines.baseline_start,
    baselines.baseline_end,
    baselines.baseline_points,
    baselines.centre,
    baselines.distance,
    baselines.is_never_negative,
    'mean' as centre_word,
    case
        when months.polarity_contested or months.polarity not in ('lower_is_better', 'higher_is_better') then 0
        when months.polarity = 'higher_is_better' then 1
        else -1
    end as better_side,
    months.is_synthetic or baselines.is_synthetic as is_synthetic
from months
inner join baselines_of_months as baselines
    on
        months.indicator_code = baselines.indicator_code
        and months.area_code = baselines.area_code
        and months.series_start = baselines.series_start
union all by name
select
    'time between events' as chart,
    times.indicator_code,
    times.area_code,
    times.area_name,
    times.area_level,
    times.series_start,
    times.stretch_number,
    times.point_number,
    times.period_start,
    times.period_end,
    times.period_label,
    times.wait_start,
    cast(times.events_per_wait as integer) as events_per_wait,
    cast(times.months_waited as integer) as months_waited,
    baselines.mean_time,
    power(times.value / baselines.mean_time, 1 / 3.0) as value,
    lag(times.point_number) over stretch is not null as follows_on,
    power(lag(times.value) over stretch / baselines.mean_time, 1 / 3.0) as previous_value,
    baselines.baseline_start,
    baselines.baseline_end,
    baselines.baseline_points,
    baselines.centre,
    baselines.distance,
    true as is_never_negative,
    'median' as centre_word,
    -- The longer the time, the fewer the events.
    case
        when times.polarity_contested or times.polarity not in ('lower_is_better', 'higher_is_better') then 0
        when times.polarity = 'lower_is_better' then 1
        else -1
    end as better_side,
    times.is_synthetic or baselines.is_synthetic as is_synthetic
from times
inner join baselines_of_times as baselines
    on
        times.indicator_code = baselines.indicator_code
        and times.area_code = baselines.area_code
        and times.series_start = baselines.series_start
window stretch as (
    partition by times.indicator_code, times.area_code, times.series_start, times.stretch_number order by times.point_number
)
