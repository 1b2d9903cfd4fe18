with crimes as (select * from {{ ref("stg_police__recorded_crime") }}),
crime_outcomes as (select * from {{ ref("crime_outcomes") }})

-- Which domestic crimes were detected; of other crimes nothing is asked, and a tag more is a cell more.
select
    crimes.feed,
    crimes.file_sha256,
    crimes.row_number,
    crimes.record_key,
    crimes.month,
    crimes.category,
    concat_ws(
        ';',
        nullif(crimes.tags, ''),
        case when {{ list_holds("crimes.tags", "'domestic'") }} and crime_outcomes.is_detected then 'domestic_detected' end,
        case when {{ list_holds("crimes.tags", "'domestic'") }} and crime_outcomes.is_charged then 'domestic_charged' end
    ) as tags,
    crimes.counts_for,
    crimes.lsoa_code,
    crimes.ward_code,
    crimes.beat_code,
    crimes.locality,
    crimes.area_key
from crimes
left join crime_outcomes
    on crimes.outcome = crime_outcomes.outcome
