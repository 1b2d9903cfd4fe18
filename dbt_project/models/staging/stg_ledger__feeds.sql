with source as (

    select * from {{ source("ledger", "feeds") }}

),

renamed as (

    select
        source_feed as feed,
        title,
        revision_window_months
    from source

)

select * from renamed
