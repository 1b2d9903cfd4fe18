{% set headings = [
    "total_recorded_crime", "violence_against_the_person", "homicide", "death_or_serious_injury_caused_by_illegal_driving",
    "violence_with_injury", "violence_without_injury", "stalking_and_harassment", "sexual_offences", "robbery",
    "theft_offences", "burglary", "residential_burglary", "non_residential_burglary", "vehicle_offences",
    "theft_from_the_person", "bicycle_theft", "shoplifting", "all_other_theft_offences", "criminal_damage_and_arson",
    "drug_offences", "possession_of_weapons_offences", "public_order_offences", "miscellaneous_crimes_against_society"
] %}

with source as (

    select * from {{ source("raw", "home_office__csp_recorded_crime_annual") }}

),

by_offence as (

    select
        file_sha256,
        row_number,
        csp_name || ' ' || offence_code || ' row ' || row_number as record_key,
        {{ offence_code_spelling("offence_code") }} as category,
        '' as tags,
        number_of_offences as quantity,
        'csp:' || lower(csp_name) as area_key
    from source
    where offence_code is not null

),

-- ONS table C2 has a column a heading; a heading without a figure ([x]) is missing, not zero.
by_heading as (

    {% for heading in headings %}
        select
            file_sha256,
            row_number,
            coalesce(csp_code, csp_name, force_code) || ' {{ heading }}' as record_key,
            'headline: {{ heading }}' as category,
            case when csp_name is null then 'force_total' else '' end as tags,
            {{ heading }} as quantity,
            'csp:' || lower(coalesce(csp_code, csp_name)) as area_key
        from source
        where offence_code is null and {{ heading }} is not null
        union all
    {% endfor %}
    select
        file_sha256,
        row_number,
        coalesce(csp_code, csp_name, force_code) as record_key,
        'headline: no figure' as category,
        '' as tags,
        0 as quantity,
        'csp:' || lower(coalesce(csp_code, csp_name)) as area_key
    from source
    where offence_code is null and coalesce({{ headings | join(", ") }}) is null

),

counted as (

    select * from by_offence
    union all
    select * from by_heading

)

select
    'home_office/csp_recorded_crime_annual' as feed,
    file_sha256,
    row_number,
    record_key,
    cast(null as date) as month,
    category,
    tags,
    cast(quantity as double) as quantity,
    cast(null as string) as lsoa_code,
    cast(null as string) as ward_code,
    cast(null as string) as beat_code,
    cast(null as string) as locality,
    area_key
from counted
