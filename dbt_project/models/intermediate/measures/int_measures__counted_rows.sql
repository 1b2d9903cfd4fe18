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
        area_codes,
        quantity
    from located
    where is_standing and exclusion_reason is null

)

select * from counted
