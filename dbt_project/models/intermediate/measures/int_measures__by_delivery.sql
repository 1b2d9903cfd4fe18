{# What did not change since an earlier build stays, in full refreshes too: int_measures__fingerprinted tells what did. #}
{{ config(
    materialized="incremental",
    incremental_strategy="append",
    full_refresh=false,
    on_schema_change="sync_all_columns",
    pre_hook="{{ remove_changed_deliveries() }}"
) }}

with unsummed as (
    select * from {{ ref("int_measures__fingerprinted") }}
    {% if keeps_fingerprints() %}
        where fingerprint not in (select distinct kept.fingerprint from {{ this }} as kept)
    {% endif %}
),

located as (
    select
        located.*,
        unsummed.fingerprint
    from {{ ref("int_rows__located") }} as located
    inner join unsummed
        on
            located.feed = unsummed.feed
            and located.file_sha256 = unsummed.file_sha256
),

categories_measured as (select * from {{ ref("int_categories__measured") }} where measure_code is not null),
feed_area_levels as (select * from {{ ref("feed_area_levels") }}),
covered_counties as (select * from {{ ref("int_areas__covered") }} where area_level = 'county'),
covered_districts as (select * from {{ ref("int_areas__covered") }} where area_level = 'district'),
local_areas as (select * from {{ ref("local_areas") }}),

by_category as (
    select
        feed,
        file_sha256,
        fingerprint,
        month,
        category_sent,
        tags,
        home_area_code,
        home_area_level,
        county_code,
        merged_district_code,
        district_code,
        ward_code,
        lsoa_code,
        beat_code,
        csp_code,
        local_area_codes,
        sum(counts_for * row_count) as counts_for,
        sum(row_count) as row_count,
        sum(counts_for * counts_for * row_count) as sum_of_squares
    from located
    where exclusion_reason is null
    group by
        feed,
        file_sha256,
        fingerprint,
        month,
        category_sent,
        tags,
        home_area_code,
        home_area_level,
        county_code,
        merged_district_code,
        district_code,
        ward_code,
        lsoa_code,
        beat_code,
        csp_code,
        local_area_codes
),

by_measure as (
    select
        by_category.*,
        categories_measured.measure_code
    from by_category
    inner join categories_measured
        on
            by_category.feed = categories_measured.feed
            and by_category.category_sent = categories_measured.category_sent
            and by_category.tags = categories_measured.tags
            and by_category.month = categories_measured.month
),

placed as (
    {% for level in ["district", "ward", "lsoa", "beat", "csp"] %}
        select
            by_measure.*,
            by_measure.{{ level }}_code as area_code,
            '{{ level }}' as area_level
        from by_measure
        inner join feed_area_levels
            on
                by_measure.feed = feed_area_levels.source_feed
                and feed_area_levels.area_level = '{{ level }}'
        union all
    {% endfor %}
    -- The whole of what the supplier of a larger area delivers.
    select
        by_measure.*,
        by_measure.home_area_code as area_code,
        by_measure.home_area_level as area_level
    from by_measure
    inner join feed_area_levels
        on
            by_measure.feed = feed_area_levels.source_feed
            and by_measure.home_area_level = feed_area_levels.area_level
    where by_measure.home_area_level <> 'district'
    union all
    select
        by_measure.*,
        by_measure.county_code as area_code,
        'county' as area_level
    from by_measure
    inner join covered_counties
        on
            by_measure.feed = covered_counties.feed
            and by_measure.home_area_code = covered_counties.home_area_code
            and by_measure.county_code = covered_counties.area_code
    where by_measure.home_area_level <> 'county'
    union all
    -- A district that was merged counts in the one that it went into too; only one of the two has a figure of a period.
    select
        by_measure.*,
        by_measure.merged_district_code as area_code,
        'district' as area_level
    from by_measure
    inner join covered_districts
        on
            by_measure.feed = covered_districts.feed
            and by_measure.home_area_code = covered_districts.home_area_code
            and by_measure.merged_district_code = covered_districts.area_code
    union all
    select
        by_measure.*,
        local_areas.area_code,
        local_areas.area_level
    from by_measure
    inner join local_areas
        on {{ list_holds("by_measure.local_area_codes", "local_areas.area_code", ", ") }}
    inner join feed_area_levels
        on
            by_measure.feed = feed_area_levels.source_feed
            and local_areas.area_level = feed_area_levels.area_level
)

select
    feed,
    file_sha256,
    home_area_code,
    month,
    measure_code,
    area_code,
    area_level,
    -- Threads add weights and fractions up in any order: rounded, the sum is the same each time.
    round(sum(counts_for), 9) as value,
    cast(sum(row_count) as bigint) as row_count,
    round(sum(sum_of_squares), 6) as sum_of_squares,
    fingerprint
from placed
group by feed, file_sha256, fingerprint, home_area_code, month, measure_code, area_code, area_level
