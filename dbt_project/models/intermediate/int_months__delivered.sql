{{ config(materialized="table") }}

with deliveries as (

    select * from {{ ref("int_deliveries__ranked") }}
    where is_standing and force_code is not null

),

run_inputs as (

    select * from {{ ref("stg_run__inputs") }}

),

located as (

    select * from {{ ref("int_rows__located") }}

),

current_vintages as (

    select distinct
        feed,
        file_sha256
    from located
    where is_2021_lsoa_only

),

delivered as (

    select
        deliveries.feed,
        deliveries.force_code,
        deliveries.period_start as month,
        deliveries.is_synthetic,
        deliveries.is_changed_in_place,
        case when current_vintages.file_sha256 is null then 2011 else 2021 end as lsoa_vintage
    from deliveries
    inner join run_inputs
        on deliveries.period_start <= run_inputs.last_month
    left join current_vintages
        on
            deliveries.feed = current_vintages.feed
            and deliveries.file_sha256 = current_vintages.file_sha256

)

select * from delivered
