with source as (select * from {{ source("raw", "council__fear_of_crime_survey") }}),

renamed as (
    select
        *,
        cast(null as date) as month,
        cast(1 as double) as weight,
        '' as tags,
        'ons:' || district_code as area_key
    from source
)

{{ survey_answers("council/fear_of_crime_survey", "renamed", [
    "safe_after_dark",
    "safe_in_day",
    "safe_at_home",
    "worry_about_crime",
]) }}
