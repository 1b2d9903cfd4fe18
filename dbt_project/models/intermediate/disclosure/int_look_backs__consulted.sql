select
    'partners/marac_cases' as feed,
    file_sha256,
    row_number,
    pair_key as subject_key,
    referred_on as told_of,
    {{ month_of("meeting_date") }} as month
from {{ ref("stg_partners__marac_cases") }}
union all
select
    'partners/young_offenders' as feed,
    file_sha256,
    row_number,
    person_key as subject_key,
    cohort_date as told_of,
    {{ month_of("cohort_date") }} as month
from {{ ref("stg_partners__young_offenders") }}
where is_first_time_entrant
