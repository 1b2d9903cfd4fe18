select
    measure_code,
    source_feed,
    category,
    required_tag,
    excluded_tag,
    valid_from,
    valid_to,
    definition_status,
    source,
    replaces,
    defined_by
from {{ source("partnership", "measure_categories") }}
