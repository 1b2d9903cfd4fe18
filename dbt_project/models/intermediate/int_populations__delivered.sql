with rows_of_estimates as (

    select * from {{ ref("stg_ons__population") }}

),

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

run_inputs as (

    select * from {{ ref("stg_run__inputs") }}

),

-- A total as sent, else the sum of the parts by sex and age.
totals as (

    select
        standing_files.receipt_number,
        rows_of_estimates.area_code,
        rows_of_estimates.kind,
        standing_files.mid_year,
        standing_files.is_synthetic,
        coalesce(
            max(case when rows_of_estimates.is_total then rows_of_estimates.estimate end),
            sum(case when rows_of_estimates.is_part then rows_of_estimates.estimate end)
        ) as estimate
    from rows_of_estimates
    inner join standing_files
        on
            rows_of_estimates.feed = standing_files.feed
            and rows_of_estimates.file_sha256 = standing_files.file_sha256
    cross join run_inputs
    where standing_files.mid_year <= year(run_inputs.as_at)
    group by
        standing_files.receipt_number,
        rows_of_estimates.area_code,
        rows_of_estimates.kind,
        standing_files.mid_year,
        standing_files.is_synthetic

)

select * from totals
where estimate is not null
