-- Detects: no as-at date, or more than one.
-- Usually means: run_inputs.json of the data folder is empty or was appended to.
-- Rows: the number of rows and of dates.

select
    count(*) as row_count,
    count(as_at) as date_count
from {{ ref("stg_run__inputs") }}
having count(*) <> 1 or count(as_at) <> 1
