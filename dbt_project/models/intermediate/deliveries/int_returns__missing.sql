{#
Periods that a supplier has not delivered although they were due, counted from the first one that it did deliver. Made-up extracts
end together: a supplier of them owes no period after the last of any.
#}
with run_inputs as (select * from {{ ref("stg_run__inputs") }}),
feeds as (select * from {{ ref("stg_ledger__feeds") }} where coalesce(is_owed, true) and months_per_period is not null),

standing as (
    select
        feed,
        agency,
        feed_name,
        supplier,
        is_synthetic,
        period_start,
        period_end,
        lag(period_end) over (
            partition by feed, supplier, is_synthetic
            order by period_start
        ) as previous_period_end
    from {{ ref("int_deliveries__ranked") }}
    where is_standing and supplier is not null and period_start is not null
),

made_up as (
    select max(period_end) as last_day
    from standing
    where is_synthetic
),

-- Returns that overlap cover a rolling year: a gap in them is no missing period.
series as (
    select
        feed,
        agency,
        feed_name,
        supplier,
        is_synthetic,
        min(period_start) as first_period
    from standing
    group by feed, agency, feed_name, supplier, is_synthetic
    having not coalesce(bool_or(previous_period_end >= period_start), false)
),

owed as (
    select
        series.*,
        feeds.months_per_period,
        coalesce(feeds.due_days, 0) as due_days,
        coalesce(feeds.slack_days, 0) as slack_days,
        run_inputs.as_at,
        least(
            run_inputs.as_at,
            coalesce(feeds.last_day, run_inputs.as_at),
            case when series.is_synthetic then coalesce(made_up.last_day, run_inputs.as_at) else run_inputs.as_at end
        ) as last_day
    from series
    inner join feeds
        on series.feed = feeds.feed
    cross join run_inputs
    cross join made_up
),

months as (
    select
        owed.*,
        {{ each_month("owed.first_period", "owed.last_day") }} as month
    from owed
),

periods as (
    select
        months.*,
        months.month as period_start,
        {{ add_days(add_months("months.month", "months.months_per_period"), -1) }} as period_end
    from months
    where
        (
            12 * (year(months.month) - year(months.first_period)) + month(months.month) - month(months.first_period)
        ) % months.months_per_period = 0
)

select
    periods.feed,
    periods.agency,
    periods.feed_name,
    periods.supplier,
    periods.is_synthetic,
    periods.period_start,
    periods.period_end,
    {{ add_days("periods.period_end", "periods.due_days") }} as due_on
from periods
left join standing
    on
        periods.feed = standing.feed
        and periods.supplier = standing.supplier
        and periods.is_synthetic = standing.is_synthetic
        and periods.period_start = standing.period_start
where
    standing.feed is null
    and periods.period_end <= periods.last_day
    and {{ add_days("periods.period_end", "periods.due_days + periods.slack_days") }} < periods.as_at
