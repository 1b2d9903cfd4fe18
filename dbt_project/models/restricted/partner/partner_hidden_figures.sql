select * from {{ ref("int_indicators__hidden") }}
