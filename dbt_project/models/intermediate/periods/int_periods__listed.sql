with months_delivered as (select * from {{ ref("int_months__delivered") }}),
run_inputs as (select * from {{ ref("stg_run__inputs") }}),

-- A made-up series ends with its last month; a real one that stops is incomplete up to the as-at date.
last_months as (
    select
        feed,
        max(month) as last_month
    from months_delivered
    where is_synthetic
    group by feed
),

monthly as (
    select
        months_delivered.feed,
        months_delivered.home_area_code,
        min(months_delivered.month) as first_month,
        case
            when bool_and(months_delivered.is_synthetic) then max(last_months.last_month) else run_inputs.last_month
        end as last_month,
        least(max(months_delivered.month), run_inputs.last_month) as latest_month
    from months_delivered
    inner join {{ ref("feed_count_periods") }} as feed_count_periods
        on
            months_delivered.feed = feed_count_periods.source_feed
            and feed_count_periods.counted_by = 'month'
    left join last_months
        on months_delivered.feed = last_months.feed
    cross join run_inputs
    group by months_delivered.feed, months_delivered.home_area_code, run_inputs.last_month
),

tranche_feeds as (
    select distinct source_feed from {{ ref("indicator_catalogue") }}
    where frequency = 'tranche'
),

quarter_feeds as (
    select distinct source_feed from {{ ref("indicator_catalogue") }}
    where frequency = 'rolling_quarters'
),

calendar as (
    select
        feed,
        home_area_code,
        first_month,
        {{ each_month("first_month", "last_month") }} as month
    from monthly
),

dated as (
    select
        feed,
        home_area_code,
        first_month,
        month,
        {{ financial_year_start("month") }} as year_start,
        cast(date_trunc('quarter', month) as date) as quarter_start,
        cast(date_trunc('year', month) as date) as calendar_year_start,
        {{ add_months("month", -11) }} as window_start,
        {{ tranche_start("month") }} as tranche_start
    from calendar
),

whole_periods as (
    select
        feed,
        home_area_code,
        months_spanned,
        month as first_month,
        {{ add_months("month", "months_spanned - 1") }} as last_month,
        {{ financial_year_start("month") }} as year_start
    from months_delivered
    inner join {{ ref("feed_count_periods") }} as feed_count_periods
        on
            months_delivered.feed = feed_count_periods.source_feed
            and feed_count_periods.counted_by in ('period', 'wave')
),

listed as (
    select
        feed,
        home_area_code,
        'month' as period_type,
        month as first_month,
        month as last_month,
        {{ month_label("month") }} as period_label,
        1 as step_months
    from dated
    union all
    select distinct
        feed,
        home_area_code,
        'quarter',
        quarter_start,
        {{ add_months("quarter_start", 2) }},
        {{ quarter_label("quarter_start", "year_start") }},
        1
    from dated
    union all
    select distinct
        feed,
        home_area_code,
        'rolling_4_quarters',
        {{ add_months("quarter_start", -9) }},
        {{ add_months("quarter_start", 2) }},
        'four quarters to ' || {{ quarter_label("quarter_start", "year_start") }},
        1
    from dated
    where feed in (select quarter_feeds.source_feed from quarter_feeds) and {{ add_months("quarter_start", -9) }} >= first_month
    union all
    select distinct
        feed,
        home_area_code,
        'tranche',
        tranche_start,
        {{ add_months("tranche_start", 3) }},
        {{ tranche_label("tranche_start", "year_start") }},
        1
    from dated
    where feed in (select tranche_feeds.source_feed from tranche_feeds)
    union all
    select
        feed,
        home_area_code,
        'year_to_date',
        year_start,
        month,
        {{ financial_year_label("year_start") }} || ' to ' || {{ month_label("month") }},
        1
    from dated
    union all
    select
        feed,
        home_area_code,
        'rolling_12_months',
        window_start,
        month,
        '12 months to ' || {{ month_label("month") }},
        1
    from dated
    where window_start >= first_month
    union all
    select distinct
        feed,
        home_area_code,
        'financial_year',
        year_start,
        {{ add_months("year_start", 11) }},
        {{ financial_year_label("year_start") }},
        1
    from dated
    union all
    select distinct
        feed,
        home_area_code,
        'calendar_year',
        calendar_year_start,
        {{ add_months("calendar_year_start", 11) }},
        cast(year(calendar_year_start) as string),
        1
    from dated
    union all
    select
        feed,
        home_area_code,
        case
            when months_spanned = 3 then 'quarter'
            when first_month = year_start then 'financial_year'
            else 'rolling_12_months'
        end,
        first_month,
        last_month,
        case
            when months_spanned = 3 then {{ quarter_label("first_month", "year_start") }}
            when first_month = year_start then {{ financial_year_label("year_start") }}
            else '12 months to ' || {{ month_label("last_month") }}
        end,
        months_spanned
    from whole_periods
    union all
    -- Four quarters make a year.
    select distinct
        feed,
        home_area_code,
        'financial_year',
        year_start,
        {{ add_months("year_start", 11) }},
        {{ financial_year_label("year_start") }},
        months_spanned
    from whole_periods
    where months_spanned = 3
),

numbered as (
    select
        listed.*,
        {{ months_between("listed.last_month", "monthly.latest_month") }} as months_back
    from listed
    left join monthly
        on
            listed.feed = monthly.feed
            and listed.home_area_code = monthly.home_area_code
)

-- Places are counted back from the latest month delivered, for a feed may lag behind the as-at date; periods after it have the first.
-- Months of the year before have the place of the same months of the latest year. Counts of whole periods are all as they came.
select
    * exclude (months_back),
    case when months_back is null then 1 when months_back < 24 then greatest(months_back, 0) % 12 + 1 end as latest_place
from numbered
