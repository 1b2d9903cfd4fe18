select * from {{ ref("int_rows__accounted") }}
