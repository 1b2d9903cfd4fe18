with source as (select * from {{ source("raw", "ohid__fingertips") }})

select
    'ohid/fingertips' as feed,
    file_sha256,
    row_number,
    indicator_id,
    indicator_name,
    area_code,
    area_name,
    area_type,
    sex,
    age,
    coalesce(category_type, 'none') as category_type,
    coalesce(category, 'none') as category,
    time_period,
    cast(time_period_sortable / 10000 as integer) as first_year,
    cast(value as double) as value,
    cast(lower_95 as double) as lower_95,
    cast(upper_95 as double) as upper_95,
    cast(count as double) as published_count,
    cast(denominator as double) as published_denominator,
    value_note
from source
