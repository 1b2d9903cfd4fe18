select
    plan_id,
    title,
    partnership,
    area_code,
    starts_on,
    ends_on,
    status,
    source
from {{ source("partnership", "plans") }}
