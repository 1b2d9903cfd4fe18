with broken as (select * from {{ ref("int_indicators__broken") }}),
measures as (select * from {{ ref("measures") }})

select
    broken.break_code,
    broken.break_date,
    broken.indicator_code,
    broken.measure_code,
    measures.source_feed,
    broken.kind,
    broken.title,
    broken.effect,
    broken.definition_status,
    broken.source
from broken
inner join measures
    on broken.measure_code = measures.measure_code
order by break_date, break_code, indicator_code, measure_code
