select
    feed,
    file_sha256,
    row_number,
    cast(null as string) as record_key,
    month,
    category,
    tags,
    counts_for,
    lsoa_code,
    ward_code,
    beat_code,
    locality,
    area_key,
    row_count
from {{ ref("int_cells__held") }}
{% for model in [
    "int_outcomes__linked",
    "stg_police__stop_and_search",
    "int_recorded_crimes__detected",
    "stg_police__incidents",
    "stg_dft__collisions",
    "int_road_casualties__placed",
    "stg_fire__incidents",
    "stg_home_office__csp_recorded_crime",
    "stg_home_office__csp_recorded_crime_annual",
    "stg_home_office__csp_headline_crime",
    "int_marac_cases__repeated",
    "int_young_offenders__followed",
    "int_probation_caseload__compared",
    "int_priority_offenders__compared",
    "int_street_cleanliness__counted",
    "int_asb_cases__linked",
    "int_survey_answers__scored",
    "int_admissions__attributed",
    "int_assaults__placed",
    "int_treatments__judged",
    "stg_feeds__own",
] %}
    union all
    select
        *,
        1 as row_count
    from {{ ref(model) }}
{% endfor %}
