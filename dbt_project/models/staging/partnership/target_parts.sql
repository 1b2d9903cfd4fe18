select
    whole_target_id,
    part_target_id
from {{ source("partnership", "target_parts") }}
