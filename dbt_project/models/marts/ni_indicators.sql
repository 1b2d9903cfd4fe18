with figured as (

    select * from {{ ref("int_frameworks__figured") }}
    where framework = 'NI'

)

select
    plan_id,
    framework_code as ni_code,
    indicator_code,
    title,
    domain as annex,
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
order by plan_id, indicator_code, is_context, area_code
