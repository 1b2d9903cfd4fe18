with located as (

    select * from {{ ref("int_rows__located") }}

),

counted as (

    select
        feed,
        file_sha256,
        row_number,
        month,
        category,
        measure_codes,
        force_code,
        district_code,
        ward_code,
        lsoa_code,
        quantity
    from located
    where is_standing and exclusion_reason is null

)

select * from counted
