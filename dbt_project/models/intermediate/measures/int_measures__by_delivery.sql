{# What did not change since an earlier build stays, in full refreshes too: int_measures__fingerprinted tells what did. #}
{{ config(
    materialized="incremental",
    incremental_strategy="append",
    full_refresh=false,
    on_schema_change="sync_all_columns",
    pre_hook="{{ remove_changed_deliveries() }}",
    post_hook="{{ add_up_other_batches() }}"
) }}

with unsummed as (
    select
        *,
        {{ hash_of(["feed", "file_sha256", "home_area_code"]) }} as delivery
    from {{ ref("int_measures__fingerprinted") }}
    where
        batch = coalesce(getvariable('batch'), 0)
    {% if keeps_fingerprints() %}
        and fingerprint not in (select distinct kept.fingerprint from {{ this }} as kept)
    {% endif %}
),

located as (select * from {{ ref("int_rows__located") }}),
feed_area_levels as (select * from {{ ref("feed_area_levels") }}),
covered as (select * from {{ ref("int_areas__covered") }}),

local_areas as (
    select
        feed_area_levels.source_feed,
        feed_area_levels.area_level,
        local_areas.area_code
    from {{ ref("local_areas") }} as local_areas
    inner join feed_area_levels
        on local_areas.area_level = feed_area_levels.area_level
),

-- Joins only choose cells from here to the sums, and add no column but the level of local areas: what is held stays narrow.
chosen as (
    select
        {{ hash_of(["located.feed", "located.file_sha256", "located.home_area_code"]) }} as delivery,
        located.*
    from located
    semi join unsummed
        on
            located.feed = unsummed.feed
            and located.file_sha256 = unsummed.file_sha256
            and located.home_area_code = unsummed.home_area_code
    where located.exclusion_reason is null
),

-- One row for each area in which a cell counts. Not a union over levels, for which all cells would be held at once.
placed as (
    select
        delivery,
        month,
        measure_codes,
        counts_for,
        row_count,
        unnest(
            [
                {% for level in ["district", "ward", "lsoa", "beat", "csp"] %}
                    {
                        'area_level': '{{ level }}',
                        'area_code': case
                            when
                                feed in (
                                    select feed_area_levels.source_feed from feed_area_levels
                                    where feed_area_levels.area_level = '{{ level }}'
                                )
                                then {{ level }}_code
                        end
                    },
                {% endfor %}
                -- The whole of what the supplier of a larger area delivers.
                {
                    'area_level': home_area_level,
                    'area_code': case
                        when
                            home_area_level <> 'district'
                            and (feed, home_area_level) in (
                                select (feed_area_levels.source_feed, feed_area_levels.area_level) from feed_area_levels
                            )
                            then home_area_code
                    end
                },
                {
                    'area_level': 'county',
                    'area_code': case
                        when
                            home_area_level <> 'county'
                            and (feed, home_area_code, county_code) in (
                                select (covered.feed, covered.home_area_code, covered.area_code) from covered
                                where covered.area_level = 'county'
                            )
                            then county_code
                    end
                },
                -- A district that was merged counts in the one that it went into too; only one of the two has a figure of a period.
                {
                    'area_level': 'district',
                    'area_code': case
                        when
                            (feed, home_area_code, merged_district_code) in (
                                select (covered.feed, covered.home_area_code, covered.area_code) from covered
                                where covered.area_level = 'district'
                            )
                            then merged_district_code
                    end
                }
            ],
            recursive := true
        )
    from chosen
),

in_local_areas as (
    select
        feed,
        delivery,
        month,
        measure_codes,
        counts_for,
        row_count,
        unnest(string_split(local_area_codes, ', ')) as area_code
    from chosen
    where local_area_codes is not null
),

counted as (
    select
        delivery,
        month,
        area_code,
        area_level,
        counts_for,
        row_count,
        unnest(string_split(measure_codes, ', ')) as measure_code
    from placed
    where area_code is not null
    union all
    select
        in_local_areas.delivery,
        in_local_areas.month,
        in_local_areas.area_code,
        local_areas.area_level,
        in_local_areas.counts_for,
        in_local_areas.row_count,
        unnest(string_split(in_local_areas.measure_codes, ', ')) as measure_code
    from in_local_areas
    inner join local_areas
        on
            in_local_areas.feed = local_areas.source_feed
            and in_local_areas.area_code = local_areas.area_code
),

-- A delivery is one number here: millions of sums would carry the digest of its file.
summed as (
    select
        delivery,
        month,
        measure_code,
        area_code,
        area_level,
        -- Threads add weights and fractions up in any order: rounded, the sum is the same each time.
        round(sum(counts_for * row_count), 9) as value,
        cast(sum(row_count) as bigint) as row_count,
        round(sum(counts_for * counts_for * row_count), 6) as sum_of_squares
    from counted
    group by delivery, month, measure_code, area_code, area_level
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
    unsummed.fingerprint
from summed
inner join unsummed
    on summed.delivery = unsummed.delivery
