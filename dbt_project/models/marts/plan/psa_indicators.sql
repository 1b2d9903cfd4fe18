with figured as (select * from {{ ref("int_frameworks__measured") }} where framework like 'PSA %')

select
    figured.plan_id,
    figured.framework as psa,
    figured.framework_code as psa_code,
    figured.domain_number as construct_number,
    figured.domain as psa_construct,
    figured.plan_strand_number,
    figured.plan_strand,
    figured.strand_line,
    figured.indicator_code,
    figured.title,
    figured.mapping_confidence,
    {{ framework_figure() }},
    {{ framework_figure_status() }}
from figured
order by figured.plan_id, psa, construct_number, figured.indicator_code, figured.is_context, figured.area_code
