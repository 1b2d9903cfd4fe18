with source as (select * from {{ source("raw", "council__place_survey") }}),

renamed as (
    select
        *,
        cast(null as date) as month,
        '' as tags,
        'ons:' || district_code as area_key
    from source
)

{{ survey_answers("council/place_survey", "renamed", [
    "noisy_neighbours",
    "teenagers_hanging_around",
    "rubbish_or_litter",
    "vandalism_or_graffiti",
    "drug_use_or_dealing",
    "drunk_or_rowdy",
    "abandoned_cars",
    "lack_of_respect",
    "parents_taking_responsibility",
    "police_and_council_dealing",
    "police_and_council_seeking_views",
]) }}
