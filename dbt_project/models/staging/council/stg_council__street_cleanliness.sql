with source as (select * from {{ source("raw", "council__street_cleanliness") }})

select
    file_sha256,
    row_number,
    site_reference,
    survey_date,
    ward_code,
    lower(land_use) as land_use,
    upper(litter) as litter,
    upper(detritus) as detritus,
    upper(graffiti) as graffiti,
    upper(flyposting) as flyposting
from source
