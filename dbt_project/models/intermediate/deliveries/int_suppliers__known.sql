with police_forces as (select * from {{ ref("police_forces") }}),
suppliers as (select * from {{ ref("suppliers") }})

select
    'police' as agency,
    supplier,
    force_name as supplier_name,
    force_code as home_area_code,
    force_name as home_area_name,
    'force' as home_area_level
from police_forces
where supplier is not null
union all
select
    agency,
    supplier,
    supplier_name,
    home_area_code,
    home_area_name,
    home_area_level
from suppliers
