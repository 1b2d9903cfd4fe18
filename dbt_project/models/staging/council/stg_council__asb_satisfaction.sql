with source as (select * from {{ source("raw", "council__asb_satisfaction") }}),

renamed as (
    select
        *,
        {{ month_of("interview_date") }} as month,
        cast(1 as double) as weight,
        concat_ws(';', 'sex ' || sex, 'age ' || age_band, 'ethnic group ' || ethnic_group) as tags,
        'ons:' || district_code as area_key
    from source
)

{{ survey_answers("council/asb_satisfaction", "renamed", [
    "satisfaction",
]) }}
