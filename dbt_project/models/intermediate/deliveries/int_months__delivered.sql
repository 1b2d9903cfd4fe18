{{ config(materialized="table") }}

with feed_count_periods as (select * from {{ ref("feed_count_periods") }}),
run_inputs as (select * from {{ ref("stg_run__inputs") }}),

deliveries as (
    select * from {{ ref("int_deliveries__ranked") }}
    where
        is_standing
        and not is_displaced
        and home_area_code is not null
),

current_vintages as (
    select distinct
        feed,
        file_sha256
    from {{ ref("int_rows__located") }}
    where is_2021_lsoa_only
),

counted as (
    select
        deliveries.feed,
        deliveries.file_sha256,
        deliveries.home_area_code,
        deliveries.home_area_level,
        deliveries.period_start,
        deliveries.period_end,
        deliveries.is_synthetic,
        deliveries.is_changed_in_place,
        feed_count_periods.counted_by in ('period', 'wave') as is_counted_by_period,
        {{ month_of("deliveries.period_end") }} as last_delivered_month
    from deliveries
    inner join feed_count_periods
        on deliveries.feed = feed_count_periods.source_feed
),

-- A count of a whole period, and a wave of a survey, stands at its first month.
stepped as (
    select
        *,
        case
            when is_counted_by_period
                then
                    12 * (year(last_delivered_month) - year(period_start))
                    + month(last_delivered_month) - month(period_start) + 1
            else 1
        end as months_spanned,
        {{ each_month(
            "period_start", "case when is_counted_by_period then period_start else last_delivered_month end"
        ) }} as month
    from counted
),

own as (
    select
        stepped.feed,
        stepped.home_area_code,
        stepped.home_area_level,
        stepped.month,
        cast(stepped.months_spanned as integer) as months_spanned,
        stepped.is_synthetic,
        stepped.is_changed_in_place,
        stepped.file_sha256,
        case when current_vintages.file_sha256 is null then 2011 else 2021 end as lsoa_vintage
    from stepped
    inner join run_inputs
        on last_day({{ add_months("stepped.month", "stepped.months_spanned - 1") }}) <= run_inputs.as_at
    left join current_vintages
        on
            stepped.feed = current_vintages.feed
            and stepped.file_sha256 = current_vintages.file_sha256
),

-- Where an area has suppliers of two sizes one after the other, such as a partnership's extract and then the whole force's, the
-- months of the larger one are months of the smaller one too.
home_districts as (
    select * from {{ ref("int_home_areas__districts") }}
    where home_area_code in (select own.home_area_code from own)
),

containing as (
    select
        inner_area.home_area_code,
        outer_area.home_area_code as outer_home_area_code
    from home_districts as inner_area
    inner join home_districts as outer_area
        on
            inner_area.district_code = outer_area.district_code
            and inner_area.home_area_code <> outer_area.home_area_code
    group by inner_area.home_area_code, outer_area.home_area_code
    having
        count(*) = (
            select count(*)
            from home_districts as whole
            where whole.home_area_code = inner_area.home_area_code
        )
),

homes as (
    select distinct
        feed,
        home_area_code,
        home_area_level
    from own
),

of_larger_areas as (
    select
        homes.feed,
        homes.home_area_code,
        homes.home_area_level,
        own.month,
        own.months_spanned,
        own.is_synthetic,
        own.is_changed_in_place,
        own.file_sha256,
        own.lsoa_vintage
    from homes
    inner join containing
        on homes.home_area_code = containing.home_area_code
    inner join own
        on
            homes.feed = own.feed
            and containing.outer_home_area_code = own.home_area_code
    left join own as same_month
        on
            homes.feed = same_month.feed
            and homes.home_area_code = same_month.home_area_code
            and own.month = same_month.month
    where same_month.month is null
)

select * from own
union all
select * from of_larger_areas
