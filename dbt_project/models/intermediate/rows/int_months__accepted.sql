{{ config(materialized="table") }}

select
    feed,
    home_area_code,
    home_area_level,
    month,
    cast(sum(row_count) as bigint) as row_count,
    sum(case when is_without_place then row_count else 0 end) as rows_without_place,
    sum(case when is_outside then row_count else 0 end) as rows_outside
from {{ ref("int_rows__located") }}
where is_standing and home_area_code is not null and month is not null
group by feed, home_area_code, home_area_level, month
