with figured as (

    select * from {{ ref("int_frameworks__figured") }}
    where framework like 'PSA %'

)

select
    plan_id,
    framework as psa,
    framework_code as psa_code,
    domain_number as construct_number,
    domain as psa_construct,
    indicator_code,
    title,
    mapping_confidence,
    area_code,
    area_name,
    area_level,
    is_context,
    period_label,
    period_start,
    period_end,
    value,
    lower_95,
    upper_95,
    unit,
    polarity,
    polarity_contested,
    status,
    definition_status,
    is_synthetic,
    is_suppressed,
    comparable,
    figure_status,
    note
from figured
order by plan_id, psa, construct_number, indicator_code, is_context, area_code
