with source as (select * from {{ source("raw", "pct__hospital_admissions") }})

select
    file_sha256,
    row_number,
    episode_id,
    admission_date,
    episode_order,
    patient_class,
    {% for number in range(1, 21) %}
        {{ icd10_code("diagnosis_%02d" | format(number)) }} as diagnosis_{{ "%02d" | format(number) }},
    {% endfor %}
    {{ icd10_code("external_cause") }} as external_cause,
    sex,
    -- Ages from 7001 on are parts of the first year.
    cast(case when age > 7000 then 0 else age end as integer) as age,
    case when length(district_code) = 9 then 'ons:' else 'snac:' end || district_code as area_key
from source
