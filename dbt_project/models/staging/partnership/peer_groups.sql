select
    peer_group_id,
    title,
    status,
    bound_standard_deviations,
    smallest_members,
    source
from {{ source("partnership", "peer_groups") }}
