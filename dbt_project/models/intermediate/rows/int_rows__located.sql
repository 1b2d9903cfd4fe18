{{ config(materialized="table") }}

with dated as (select * from {{ ref("int_rows__dated") }}),
judged_categories as (select * from {{ ref("int_categories__judged") }}),
repeated as (select * from {{ ref("int_records__repeated") }}),
run_inputs as (select * from {{ ref("stg_run__inputs") }}),
lsoas as (select * from {{ ref("stg_reference__lsoas") }}),
beats as (select * from {{ ref("beats") }}),
area_keys as (select * from {{ ref("int_areas__keyed") }}),
counties as (select * from {{ ref("counties") }}),
home_districts as (select * from {{ ref("int_home_areas__districts") }}),

ward_districts as (
    select
        ward_code,
        min(district_code) as district_code
    from lsoas
    where ward_code is not null
    group by ward_code
),

local_parts as (
    select
        part_kind,
        part_code,
        district_code,
        {{ listed("area_code") }} as area_codes
    from {{ ref("int_local_areas__parts") }}
    group by part_kind, part_code, district_code
),

found as (
    select
        dated.*,
        coalesce(
            lsoas.district_code,
            ward_districts.district_code,
            beats.district_code,
            area_keys.district_code,
            -- An extract of one district holds that district's rows.
            case when dated.home_area_level = 'district' then dated.home_area_code end
        ) as known_district_code,
        coalesce(lsoas.ward_code, ward_districts.ward_code) as known_ward_code,
        lsoas.lsoa_code as known_lsoa_code,
        beats.beat_code as known_beat_code,
        area_keys.csp_code as known_csp_code,
        coalesce(not lsoas.is_2011, false) as is_2021_lsoa_only
    from dated
    left join lsoas
        on dated.lsoa_code = lsoas.lsoa_code
    left join ward_districts
        on dated.ward_code = ward_districts.ward_code
    left join beats
        on dated.beat_code = beats.beat_code
    left join area_keys
        on dated.area_key = area_keys.area_key
),

-- A police force or fire service also counts what it deals with beyond its border, or what a map point snaps there: it lies in none of
-- its districts, and in no other force's.
placed as (
    select
        found.feed,
        found.file_sha256,
        found.row_number,
        found.record_key,
        found.month,
        found.category_sent,
        found.tags,
        found.counts_for,
        found.row_count,
        found.locality,
        found.home_area_code,
        found.home_area_level,
        found.period_start,
        found.period_end,
        found.is_standing,
        found.is_displaced,
        found.is_2021_lsoa_only,
        found.known_csp_code,
        found.known_district_code is null as is_without_place,
        coalesce(
            found.home_area_level <> 'nation'
            and found.home_area_code is not null
            and found.known_district_code is not null
            and home_districts.district_code is null,
            false
        ) as is_outside,
        {% for level in ["district", "ward", "lsoa", "beat"] %}
            case
                when
                    found.home_area_level not in ('force', 'fire_service')
                    or found.home_area_code is null
                    or home_districts.district_code is not null
                    then found.known_{{ level }}_code
            end as known_{{ level }}_code,
        {% endfor %}
        found.is_of_whole_period
    from found
    left join home_districts
        on
            found.home_area_code = home_districts.home_area_code
            and found.known_district_code = home_districts.district_code
),

located as (
    select
        placed.feed,
        placed.file_sha256,
        placed.row_number,
        placed.record_key,
        placed.month,
        placed.category_sent,
        placed.tags,
        judged_categories.category,
        judged_categories.measure_codes,
        placed.home_area_code,
        placed.home_area_level,
        counties.county_code,
        merged.successor_code as merged_district_code,
        {% for level in ["district", "ward", "lsoa", "beat", "csp"] %}
            coalesce(
                placed.known_{{ level }}_code, {{ no_geography_code("placed.home_area_code", level) }}
            ) as {{ level }}_code,
        {% endfor %}
        -- Town and priority neighbourhoods overlap, so a row can lie in several.
        nullif(
            concat_ws(', ', ward_parts.area_codes, beat_parts.area_codes, locality_parts.area_codes), ''
        ) as local_area_codes,
        placed.counts_for,
        placed.row_count,
        placed.period_start,
        placed.is_standing,
        placed.is_2021_lsoa_only,
        placed.is_without_place,
        placed.is_outside,
        coalesce(judged_categories.is_unknown, false) as is_category_unknown,
        judged_categories.exclusion_reason as category_reason,
        placed.locality is not null as has_locality,
        -- Everything that counts rows or months from here on keeps to the as-at date by this reason.
        case
            when placed.month > run_inputs.last_month then 'the month ends after the as-at date'
            when placed.is_of_whole_period and placed.period_end > run_inputs.as_at
                then 'the period ends after the as-at date'
            when placed.is_displaced then 'synthetic, and the feed has real deliveries'
            when placed.home_area_code is null then 'the supplier is not known'
            when placed.month is null or placed.month not between placed.period_start and placed.period_end
                then 'the month is outside the delivered period'
            when placed.is_outside and placed.home_area_level not in ('force', 'fire_service')
                then 'the place lies outside the supplier''s area'
            when repeated.row_number is not null then 'recorded again in another month'
            when judged_categories.exclusion_reason is not null then judged_categories.exclusion_reason
            when judged_categories.measure_codes is null then 'the category belongs to no measure'
        end as exclusion_reason
    from placed
    cross join run_inputs
    left join counties
        on placed.known_district_code = counties.district_code
    left join {{ ref("int_districts__merged") }} as merged
        on placed.known_district_code = merged.district_code
    {% for kind, column in [
        ("ward", "known_ward_code"), ("beat", "known_beat_code"), ("locality", "locality")
    ] %}
        left join local_parts as {{ kind }}_parts
            on
                {{ kind }}_parts.part_kind = '{{ kind }}'
                and placed.{{ column }} = {{ kind }}_parts.part_code
                and placed.known_district_code = {{ kind }}_parts.district_code
    {% endfor %}
    left join repeated
        on
            placed.feed = repeated.feed
            and placed.file_sha256 = repeated.file_sha256
            and placed.row_number = repeated.row_number
    left join judged_categories
        on
            placed.feed = judged_categories.feed
            and placed.category_sent = judged_categories.category_sent
            and placed.tags = judged_categories.tags
            and placed.month = judged_categories.month
)

select
    feed,
    file_sha256,
    row_number,
    record_key,
    month,
    category_sent,
    tags,
    category,
    measure_codes,
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
    counts_for,
    row_count,
    period_start,
    is_standing,
    is_2021_lsoa_only,
    is_without_place,
    is_outside,
    has_locality,
    exclusion_reason,
    coalesce(is_category_unknown and exclusion_reason = category_reason, false) as is_code_unknown
from located
