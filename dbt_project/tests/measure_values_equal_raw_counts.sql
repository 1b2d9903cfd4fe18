-- Detects: a published measure that differs from a count of the raw rows made another way.
-- Usually means: a superseded file still counted, a standing one dropped, or a category counted in the wrong measure.
-- Rows: one per measure, month, level and area, with the published value and the count.

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

crimes as (
    select
        file_sha256,
        month,
        crime_type,
        lsoa_code,
        count(*) as row_count
    from {{ source("raw", "police__street_crime") }}
    group by file_sha256, month, crime_type, lsoa_code
),

placed as (
    select
        categories.measure_code,
        crimes.month,
        latest.force_code,
        case
            when districts.force_code = latest.force_code then coalesce(changes.successor_code, lookups.district_code)
        end as district_code,
        case when districts.force_code = latest.force_code then lookups.ward_code end as ward_code,
        case when districts.force_code = latest.force_code then lookups.lsoa_code end as lsoa_code,
        crimes.row_count
    from crimes
    inner join latest
        on
            crimes.file_sha256 = latest.file_sha256
            and crimes.month between latest.period_start and latest.period_end
    inner join {{ source("run", "inputs") }} as run_inputs
        on last_day(crimes.month) <= run_inputs.as_at
    inner join {{ ref("measure_categories") }} as categories
        on crimes.crime_type = categories.category and categories.source_feed = 'police/street_crime'
    left join {{ source("reference", "lsoas") }} as lookups
        on crimes.lsoa_code = lookups.lsoa_code
    left join {{ source("reference", "districts") }} as districts
        on lookups.district_code = districts.district_code
    left join {{ ref("district_changes") }} as changes
        on lookups.district_code = changes.district_code and crimes.month >= changes.changed_on
),

levels as (
    select names.area_level from (values ('force'), ('district'), ('ward'), ('lsoa')) as names (area_level)
),

expected as (
    select
        placed.measure_code,
        placed.month,
        levels.area_level,
        case levels.area_level
            when 'force' then placed.force_code
            when 'district' then coalesce(placed.district_code, placed.force_code || '-no-district')
            when 'ward' then coalesce(placed.ward_code, placed.force_code || '-no-ward')
            when 'lsoa' then coalesce(placed.lsoa_code, placed.force_code || '-no-lsoa')
        end as area_code,
        sum(placed.row_count) as row_count
    from placed
    cross join levels
    group by 1, 2, 3, 4
)

select
    coalesce(published.measure_code, expected.measure_code) as measure_code,
    coalesce(published.month, expected.month) as month,
    coalesce(published.area_level, expected.area_level) as area_level,
    coalesce(published.area_code, expected.area_code) as area_code,
    published.value,
    expected.row_count
from (
    select * from {{ ref("measure_values") }}
    where source_feed = 'police/street_crime'
) as published
full outer join expected
    on
        published.measure_code = expected.measure_code
        and published.month = expected.month
        and published.area_level = expected.area_level
        and published.area_code = expected.area_code
where published.value is distinct from coalesce(expected.row_count, 0)
