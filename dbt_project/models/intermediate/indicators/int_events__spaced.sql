with rules as (select * from {{ ref("control_chart_rules") }}),

months as (
    select
        charted.*,
        min(case when charted.value > 0 then charted.point_number end) over (
            partition by charted.indicator_code, charted.area_code, charted.series_start
        ) as first_point_with_events
    from {{ ref("int_months__charted") }} as charted
    inner join {{ ref("indicators") }} as indicators
        on charted.indicator_code = indicators.indicator_code
    where indicators.formula_kind = 'count'
),

-- Counts too small for limits of a month's count: how many events make a wait of some months, by the months since the first of them.
series as (
    select
        months.indicator_code,
        months.area_code,
        months.series_start,
        rules.same_month_months,
        ceil(rules.smallest_mean_months * avg(months.value) filter (
            where months.point_number - months.first_point_with_events between 0 and rules.baseline_points - 1
        )) as events_per_wait
    from months
    cross join rules
    group by
        months.indicator_code, months.area_code, months.series_start, rules.smallest_mean_months, rules.smallest_mean_count,
        rules.same_month_months
    having
        avg(months.value) filter (where months.point_number <= rules.baseline_points) < rules.smallest_mean_count
        -- What is rounded or netted off does not tell when events were.
        and count(months.rounded_to) = 0
        and min(months.value) >= 0
        and max(months.value) > 0
),

counted as (
    select
        months.*,
        series.events_per_wait,
        series.same_month_months,
        floor(sum(months.value) over stretch / series.events_per_wait) as waits_ended,
        floor((sum(months.value) over stretch - months.value) / series.events_per_wait) as waits_ended_before
    from months
    inner join series
        on
            months.indicator_code = series.indicator_code
            and months.area_code = series.area_code
            and months.series_start = series.series_start
    window stretch as (
        partition by months.indicator_code, months.area_code, months.series_start, months.stretch_number
        order by months.period_start
    )
),

-- One row for each event that ends a wait: a month can have several.
ended as (
    select
        *,
        {{ each_number("cast(waits_ended_before as bigint) + 1", "cast(waits_ended as bigint)") }} as event_in_stretch
    from counted
),

-- A missing or hidden month says nothing of the events in it, so no wait goes over one.
waited as (
    select
        *,
        lag(period_start) over stretch as wait_start,
        {{ months_between("lag(period_start) over stretch", "period_start") }} as months_waited
    from ended
    window stretch as (
        partition by indicator_code, area_code, series_start, stretch_number order by event_in_stretch
    )
)

select
    indicator_code,
    area_code,
    area_name,
    area_level,
    wait_start,
    period_start,
    period_end,
    period_label,
    months_waited,
    greatest(months_waited, same_month_months) as value,
    events_per_wait,
    polarity,
    polarity_contested,
    is_synthetic,
    series_start,
    stretch_number,
    row_number() over (
        partition by indicator_code, area_code, series_start order by stretch_number, event_in_stretch
    ) as point_number
from waited
where wait_start is not null
