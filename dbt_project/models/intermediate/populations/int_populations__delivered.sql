with rows_of_estimates as (select * from {{ ref("stg_ons__population") }}),
run_inputs as (select * from {{ ref("stg_run__inputs") }}),

standing_files as (
    select
        feed,
        file_sha256,
        max(receipt_number) as receipt_number,
        max(cast(year(period_start) as integer)) as mid_year,
        bool_or(is_synthetic) as is_synthetic
    from {{ ref("int_deliveries__ranked") }}
    where is_standing and not is_displaced
    group by feed, file_sha256
),

-- Of a table of several years the last one is its vintage.
vintages as (
    select
        file_sha256,
        max(series_to) as series_to
    from rows_of_estimates
    group by file_sha256
),

lines as (
    select
        feed,
        file_sha256,
        area_code,
        kind,
        is_total,
        is_part,
        estimate
    from rows_of_estimates
    union all
    select
        feed,
        file_sha256,
        area_code,
        kind,
        true as is_total,
        false as is_part,
        estimate
    from {{ ref("int_populations__by_age_group") }}
),

-- A total as sent, else the sum of the parts by sex and age.
totals as (
    select
        standing_files.receipt_number,
        lines.area_code,
        lines.kind,
        standing_files.mid_year,
        standing_files.is_synthetic,
        coalesce(max(vintages.series_to), standing_files.mid_year) as series_to,
        coalesce(
            max(case when lines.is_total then lines.estimate end),
            sum(case when lines.is_part then lines.estimate end)
        ) as estimate
    from lines
    inner join standing_files
        on
            lines.feed = standing_files.feed
            and lines.file_sha256 = standing_files.file_sha256
    left join vintages
        on lines.file_sha256 = vintages.file_sha256
    cross join run_inputs
    where standing_files.mid_year <= year(run_inputs.as_at)
    group by
        standing_files.receipt_number,
        lines.area_code,
        lines.kind,
        standing_files.mid_year,
        standing_files.is_synthetic
)

select * from totals
where estimate is not null
