select
    agency,
    supplier,
    supplier_name,
    home_area_code,
    home_area_name,
    home_area_level,
    replaces,
    defined_by
from {{ source("partnership", "suppliers") }}
