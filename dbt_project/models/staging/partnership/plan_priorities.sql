select
    plan_id,
    priority_code,
    series,
    priority_number,
    published_title,
    plan_line,
    section_present,
    section_number,
    section_title,
    section_line,
    section_purpose,
    section_purpose_line,
    note
from {{ source("partnership", "plan_priorities") }}
