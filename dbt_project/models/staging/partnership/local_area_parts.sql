select
    area_code,
    part_kind,
    part_code
from {{ source("partnership", "local_area_parts") }}
