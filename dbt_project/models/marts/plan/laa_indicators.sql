with figured as (select * from {{ ref("int_frameworks__measured") }} where framework = 'LAA')

select
    figured.plan_id,
    figured.domain_number as laa_priority_number,
    figured.domain as laa_priority,
    figured.plan_strand_number,
    figured.plan_strand,
    figured.strand_line,
    figured.indicator_code,
    figured.title,
    figured.mapping_confidence,
    {{ framework_figure() }},
    {{ framework_figure_status() }}
from figured
order by figured.plan_id, laa_priority_number, figured.indicator_code, figured.is_context, figured.area_code
