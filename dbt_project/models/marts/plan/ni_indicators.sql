with figured as (select * from {{ ref("int_frameworks__measured") }} where framework = 'NI')

select
    figured.plan_id,
    figured.framework_code as ni_code,
    figured.indicator_code,
    figured.title,
    figured.domain as annex,
    {{ framework_figure() }},
    {{ framework_figure_status() }}
from figured
order by figured.plan_id, figured.indicator_code, figured.is_context, figured.area_code
