select
    erratum_id,
    plan_id,
    kind,
    plan_lines,
    published_text,
    problem,
    representation,
    represented_in
from {{ source("partnership", "plan_errata") }}
