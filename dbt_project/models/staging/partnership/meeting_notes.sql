select
    plan_id,
    note_number,
    priority_code,
    noted_on,
    kind,
    note_text,
    owner,
    closed_on,
    audience
from {{ source("partnership", "meeting_notes") }}
