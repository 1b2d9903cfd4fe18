with source as (select * from {{ source("raw", "council__young_people_survey") }}),

renamed as (
    select
        *,
        cast(null as date) as month,
        'year ' || year_group as tags,
        cast(null as string) as area_key
    from source
)

{{ survey_answers("council/young_people_survey", "renamed", [
    "positive_activity",
    "drunk",
    "drugs",
    "volatile_substances",
]) }}
