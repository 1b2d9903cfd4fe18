with source as (

    select * from {{ source("raw", "police__street_crime") }}

),

renamed as (

    select
        'police/street_crime' as feed,
        file_sha256,
        row_number,
        month,
        crime_type as category,
        lsoa_code,
        cast(1 as double) as quantity
    from source

)

select * from renamed
