with source as (select * from {{ source("raw", "council__asb_satisfaction") }}),

renamed as (
    select
        *,
        cast(date_trunc('month', interview_date) as date) as month,
        cast(1 as double) as weight,
        concat_ws(';', 'sex ' || sex, 'age ' || age_band, 'ethnic group ' || ethnic_group) as tags,
        'ons:' || district_code as area_key
    from source
)

{{ survey_answers("council/asb_satisfaction", "renamed", [
    "satisfaction",
]) }}
