with source as (select * from {{ source("raw", "police__street_crime") }})

select
    'police/street_crime' as feed,
    file_sha256,
    row_number,
    crime_id as record_key,
    month,
    crime_type as category,
    -- data.police.uk had six types at first and eleven until April 2013: what an unlisted type held cannot be told apart.
    case
        when month < date '2011-09-01' then 'six_crime_types'
        when month < date '2013-05-01' then 'eleven_crime_types'
        else ''
    end as tags,
    cast(1 as double) as counts_for,
    {{ row_places(lsoa_code="lsoa_code") }}
from source
