select
    area_code,
    area_name,
    area_level,
    district_code,
    geography_kind,
    definition_status,
    source
from {{ source("partnership", "local_areas") }}
