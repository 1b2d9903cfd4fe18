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

categories_measured as (select * from {{ ref("int_categories__measured") }} where measure_code is not null),
feed_area_levels as (select * from {{ ref("feed_area_levels") }}),
covered_counties as (select * from {{ ref("int_areas__covered") }} where area_level = 'county'),
covered_districts as (select * from {{ ref("int_areas__covered") }} where area_level = 'district'),
local_areas as (select * from {{ ref("local_areas") }}),

-- A delivery is its fingerprint from here on: millions of sums would carry the digest of its file.
by_category as (
    select
        unsummed.fingerprint,
        located.month,
        located.category_sent,
        located.tags,
        located.home_area_level,
        located.county_code,
        located.merged_district_code,
        located.district_code,
        located.ward_code,
        located.lsoa_code,
        located.beat_code,
        located.csp_code,
        located.local_area_codes,
        sum(located.counts_for * located.row_count) as counts_for,
        sum(located.row_count) as row_count,
        sum(located.counts_for * located.counts_for * located.row_count) as sum_of_squares
    from {{ ref("int_rows__located") }} as located
    inner join unsummed
        on
            located.feed = unsummed.feed
            and located.file_sha256 = unsummed.file_sha256
            and located.home_area_code = unsummed.home_area_code
    where located.exclusion_reason is null
    group by
        unsummed.fingerprint,
        located.month,
        located.category_sent,
        located.tags,
        located.home_area_level,
        located.county_code,
        located.merged_district_code,
        located.district_code,
        located.ward_code,
        located.lsoa_code,
        located.beat_code,
        located.csp_code,
        located.local_area_codes
),

-- One row for each area in which a category counts. Not a union over levels, for which all categories would be held at once.
placed as (
    select
        unsummed.feed,
        unsummed.home_area_code,
        by_category.fingerprint,
        by_category.month,
        by_category.category_sent,
        by_category.tags,
        by_category.counts_for,
        by_category.row_count,
        by_category.sum_of_squares,
        unnest(
            [
                {% for level in ["district", "ward", "lsoa", "beat", "csp"] %}
                    { 'area_level': '{{ level }}', 'area_code': by_category.{{ level }}_code, 'is_of_feed': true },
                {% endfor %}
                -- The whole of what the supplier of a larger area delivers.
                {
                    'area_level': nullif(by_category.home_area_level, 'district'),
                    'area_code': unsummed.home_area_code,
                    'is_of_feed': true
                },
                {
                    'area_level': case when by_category.home_area_level <> 'county' then 'county' end,
                    'area_code': covered_counties.area_code,
                    'is_of_feed': false
                },
                -- A district that was merged counts in the one that it went into too; only one of the two has a figure of a period.
                { 'area_level': 'district', 'area_code': covered_districts.area_code, 'is_of_feed': false }
            ]
            || list_transform(
                string_split(coalesce(by_category.local_area_codes, ''), ', '),
                lambda code: { 'area_level': 'local', 'area_code': code, 'is_of_feed': true }
            ),
            recursive := true
        )
    from by_category
    inner join unsummed
        on by_category.fingerprint = unsummed.fingerprint
    left join covered_counties
        on
            unsummed.feed = covered_counties.feed
            and unsummed.home_area_code = covered_counties.home_area_code
            and by_category.county_code = covered_counties.area_code
    left join covered_districts
        on
            unsummed.feed = covered_districts.feed
            and unsummed.home_area_code = covered_districts.home_area_code
            and by_category.merged_district_code = covered_districts.area_code
),

counted as (
    select
        placed.feed,
        placed.fingerprint,
        placed.month,
        placed.category_sent,
        placed.tags,
        placed.counts_for,
        placed.row_count,
        placed.sum_of_squares,
        placed.area_code,
        coalesce(local_areas.area_level, placed.area_level) as area_level
    from placed
    left join local_areas
        on
            placed.area_level = 'local'
            and placed.area_code = local_areas.area_code
    left join feed_area_levels
        on
            placed.feed = feed_area_levels.source_feed
            and coalesce(local_areas.area_level, placed.area_level) = feed_area_levels.area_level
    where
        placed.area_code is not null
        and (feed_area_levels.area_level is not null or (placed.area_level is not null and not placed.is_of_feed))
),

summed as (
    select
        counted.fingerprint,
        counted.month,
        categories_measured.measure_code,
        counted.area_code,
        counted.area_level,
        -- Threads add weights and fractions up in any order: rounded, the sum is the same each time.
        round(sum(counted.counts_for), 9) as value,
        cast(sum(counted.row_count) as bigint) as row_count,
        round(sum(counted.sum_of_squares), 6) as sum_of_squares
    from counted
    inner join categories_measured
        on
            counted.feed = categories_measured.feed
            and counted.category_sent = categories_measured.category_sent
            and counted.tags = categories_measured.tags
            and counted.month = categories_measured.month
    group by
        counted.fingerprint, counted.month, categories_measured.measure_code, counted.area_code, counted.area_level
)

select
    unsummed.feed,
    unsummed.file_sha256,
    unsummed.home_area_code,
    summed.month,
    summed.measure_code,
    summed.area_code,
    summed.area_level,
    summed.value,
    summed.row_count,
    summed.sum_of_squares,
    summed.fingerprint
from summed
inner join unsummed
    on summed.fingerprint = unsummed.fingerprint
