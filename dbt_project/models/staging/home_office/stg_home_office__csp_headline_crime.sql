{% set headings = [
    "total_recorded_crime", "violence_against_the_person", "homicide", "death_or_serious_injury_caused_by_illegal_driving",
    "violence_with_injury", "violence_without_injury", "stalking_and_harassment", "sexual_offences", "robbery",
    "theft_offences", "burglary", "residential_burglary", "non_residential_burglary", "vehicle_offences",
    "theft_from_the_person", "bicycle_theft", "shoplifting", "all_other_theft_offences", "criminal_damage_and_arson",
    "drug_offences", "possession_of_weapons_offences", "public_order_offences", "miscellaneous_crimes_against_society"
] %}

with source as (select * from {{ source("raw", "home_office__csp_headline_crime") }}),

-- The table has a column a heading; a heading without a figure ([x]) is missing, not zero.
by_heading as (
    {% for heading in headings %}
        select
            file_sha256,
            row_number,
            coalesce(csp_code, csp_name, force_code) || ' {{ heading }}' as record_key,
            'headline: {{ heading }}' as category,
            case when csp_name is null then 'force_total' else '' end as tags,
            {{ heading }} as counts_for,
            'csp:' || lower(coalesce(csp_code, csp_name)) as area_key
        from source
        where {{ heading }} is not null
        union all
    {% endfor %}
    select
        file_sha256,
        row_number,
        coalesce(csp_code, csp_name, force_code) as record_key,
        'headline: no figure' as category,
        '' as tags,
        0 as counts_for,
        'csp:' || lower(coalesce(csp_code, csp_name)) as area_key
    from source
    where coalesce({{ headings | join(", ") }}) is null
)

select
    'home_office/csp_headline_crime' as feed,
    file_sha256,
    row_number,
    record_key,
    cast(null as date) as month,
    category,
    tags,
    cast(counts_for as double) as counts_for,
    {{ row_places(area_key="area_key") }}
from by_heading
