with source as (

    select * from {{ source("raw", "police__incidents") }}

),

renamed as (

    select
        file_sha256,
        row_number,
        created_date
    from source

)

select * from renamed
