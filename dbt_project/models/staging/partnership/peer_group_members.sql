select
    peer_group_id,
    area_code
from {{ source("partnership", "peer_group_members") }}
