-- Detects: a published measure that differs from a count of the raw rows made another way.
-- Usually means: a superseded file still counted, a standing one dropped, or a category counted in the wrong measure.
-- Rows: one per measure, month and level, with the published sum and the count. Where the two agree, areas differ.

with receipts as (
    select
        supplier,
        is_synthetic,
        max(receipt_number) as receipt_number,
        -- Beside a real delivery of the feed made-up ones do not count.
        bool_or(not is_synthetic) over () as is_real_feed
    from {{ source("ledger", "receipts") }}
    where source_feed = 'police/street_crime' and is_accepted and withdrawal_number is null
    group by delivery_key, supplier, is_synthetic
),

latest as (
    select
        files.file_sha256,
        files.period_start,
        files.period_end,
        forces.force_code
    from receipts
    inner join {{ source("ledger", "receipts") }} as files
        on receipts.receipt_number = files.receipt_number
    inner join {{ ref("police_forces") }} as forces
        on receipts.supplier = forces.supplier
    where not (receipts.is_synthetic and receipts.is_real_feed)
),

-- A crime adds the hash of each of its areas: sums of hashes agree where every area has the same count, and no area is held.
counted_by_file as (
    select
        crimes.file_sha256,
        crimes.month,
        crimes.crime_type,
        count(*) as row_count,
        sum(hash(latest.force_code)) as force_hash,
        sum(
            case
                when districts.force_code = latest.force_code
                    then hash(coalesce(changes.successor_code, lookups.district_code))
                else hash(latest.force_code || '-no-district')
            end
        ) as district_hash,
        {% for level in ["ward", "lsoa"] %}
            sum(
                hash(coalesce(
                    case when districts.force_code = latest.force_code then lookups.{{ level }}_code end,
                    latest.force_code || '-no-{{ level }}'
                ))
            ) as {{ level }}_hash{% if not loop.last %},{% endif %}
        {% endfor %}
    from {{ source("raw", "police__street_crime") }} as crimes
    inner join latest
        on
            crimes.file_sha256 = latest.file_sha256
            and crimes.month between latest.period_start and latest.period_end
    left join {{ source("reference", "lsoas") }} as lookups
        on crimes.lsoa_code = lookups.lsoa_code
    left join {{ source("reference", "districts") }} as districts
        on lookups.district_code = districts.district_code
    left join {{ ref("district_changes") }} as changes
        on lookups.district_code = changes.district_code and crimes.month >= changes.changed_on
    group by crimes.file_sha256, crimes.month, crimes.crime_type
),

expected as (
    {% for level in ["force", "district", "ward", "lsoa"] %}
        select
            categories.measure_code,
            counted_by_file.month,
            '{{ level }}' as area_level,
            sum(counted_by_file.row_count) as row_count,
            sum(counted_by_file.{{ level }}_hash) as hash_of_areas
        from counted_by_file
        inner join {{ source("run", "inputs") }} as run_inputs
            on last_day(counted_by_file.month) <= run_inputs.as_at
        inner join {{ ref("measure_categories") }} as categories
            on counted_by_file.crime_type = categories.category and categories.source_feed = 'police/street_crime'
        -- What a file does not tell is published by no part of it.
        left join {{ ref("int_measures__undecided") }} as undecided
            on
                counted_by_file.file_sha256 = undecided.file_sha256
                and categories.measure_code = undecided.measure_code
        where undecided.measure_code is null
        group by categories.measure_code, counted_by_file.month
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

published as (
    select
        measure_code,
        month,
        area_level,
        sum(value) as value,
        sum(cast(value as hugeint) * hash(area_code)) as hash_of_areas,
        bool_and(coalesce(value = floor(value), false)) as are_counts
    from {{ ref("measure_values") }}
    where source_feed = 'police/street_crime'
    group by measure_code, month, area_level
)

select
    coalesce(published.measure_code, expected.measure_code) as measure_code,
    coalesce(published.month, expected.month) as month,
    coalesce(published.area_level, expected.area_level) as area_level,
    published.value,
    expected.row_count
from published
full outer join expected
    on
        published.measure_code = expected.measure_code
        and published.month = expected.month
        and published.area_level = expected.area_level
where
    published.value is distinct from coalesce(expected.row_count, 0)
    or published.hash_of_areas is distinct from coalesce(expected.hash_of_areas, 0)
    or not published.are_counts
