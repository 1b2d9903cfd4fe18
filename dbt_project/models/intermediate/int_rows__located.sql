with feed_rows as (

    select * from {{ ref("stg_police__street_crime") }}

),

taken_in_files as (

    -- The same bytes can be taken in again under a newer contract: one file, whichever of its receipts stands.
    select
        feed,
        file_sha256,
        max(force_code) as force_code,
        max(period_start) as period_start,
        max(period_end) as period_end,
        bool_or(is_standing) as is_standing
    from {{ ref("int_deliveries__ranked") }}
    where is_taken_in
    group by feed, file_sha256

),

run_inputs as (

    select * from {{ ref("stg_run__inputs") }}

),

lsoas as (

    select * from {{ ref("stg_reference__lsoas") }}

),

known_categories as (

    select
        source_feed,
        category,
        {{ listed("measure_code") }} as measure_codes
    from {{ ref("measure_categories") }}
    group by source_feed, category

),

located as (

    select
        feed_rows.feed,
        feed_rows.file_sha256,
        feed_rows.row_number,
        feed_rows.month,
        feed_rows.category,
        known_categories.measure_codes,
        taken_in_files.force_code,
        coalesce(lsoas.district_code, {{ no_geography_code("taken_in_files.force_code", "district") }}) as district_code,
        coalesce(lsoas.ward_code, {{ no_geography_code("taken_in_files.force_code", "ward") }}) as ward_code,
        coalesce(lsoas.lsoa_code, {{ no_geography_code("taken_in_files.force_code", "lsoa") }}) as lsoa_code,
        feed_rows.quantity,
        taken_in_files.period_start,
        taken_in_files.is_standing,
        coalesce(not lsoas.is_2011, false) as is_2021_lsoa_only,
        -- Everything that counts rows or months from here on keeps to the as-at date by this reason.
        case
            when feed_rows.month > run_inputs.last_month then 'the month ends after the as-at date'
            when taken_in_files.force_code is null then 'the supplier is no known police force'
            when feed_rows.month is null or feed_rows.month not between taken_in_files.period_start and taken_in_files.period_end
                then 'the month is outside the delivered period'
            when known_categories.category is null then 'the crime type belongs to no measure'
        end as exclusion_reason
    from feed_rows
    inner join taken_in_files
        on
            feed_rows.feed = taken_in_files.feed
            and feed_rows.file_sha256 = taken_in_files.file_sha256
    cross join run_inputs
    left join lsoas
        on feed_rows.lsoa_code = lsoas.lsoa_code
    left join known_categories
        on
            feed_rows.feed = known_categories.source_feed
            and feed_rows.category = known_categories.category

)

select * from located
