with gaps as (select * from {{ ref("indicator_gaps") }}),
sums as (select * from {{ ref("indicator_sums") }})

select
    indicator_code,
    1 as component_number,
    minuend_indicator as component_indicator
from gaps
union all
select
    indicator_code,
    2 as component_number,
    subtrahend_indicator as component_indicator
from gaps
union all
select
    indicator_code,
    cast(row_number() over (partition by indicator_code order by part_indicator) as integer) as component_number,
    part_indicator as component_indicator
from sums
