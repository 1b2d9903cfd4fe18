with source as (select * from {{ source("raw", "police__user_survey") }}),

renamed as (
    select
        *,
        cast(null as date) as month,
        '' as tags,
        cast(null as string) as area_key
    from source
)

{{ survey_answers("police/user_survey", "renamed", [
    "noisy_neighbours",
    "teenagers_hanging_around",
    "rubbish_or_litter",
    "vandalism_or_graffiti",
    "drug_use_or_dealing",
    "drunk_or_rowdy",
    "abandoned_cars",
    "police_and_council_dealing",
    "police_and_council_seeking_views",
]) }}
