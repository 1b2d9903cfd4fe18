select * from {{ ref("int_measures__monthly") }}
