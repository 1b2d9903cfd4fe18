with incidents as (select * from {{ ref("stg_police__incidents") }}),
days as (select * from {{ ref("stg_police__incident_days") }}),
run_inputs as (select * from {{ ref("stg_run__inputs") }}),
category_spellings as (select * from {{ ref("category_spellings") }} where source_feed = 'police/incidents'),
counted_categories as (select * from {{ ref("measure_categories") }} where measure_code = 'anti_social_behaviour_incidents'),
row_exclusions as (select * from {{ ref("row_exclusions") }} where source_feed = 'police/incidents'),
types as (select * from {{ ref("asb_types") }} where source_feed = 'police/incidents'),

files as (
    select
        file_sha256,
        bool_or(is_synthetic) as is_synthetic
    from {{ ref("int_deliveries__ranked") }}
    cross join run_inputs
    where
        feed = 'police/incidents'
        and is_standing
        and not is_displaced
        and period_end <= run_inputs.as_at
    group by file_sha256
),

spelt as (
    select
        incidents.file_sha256,
        incidents.row_number,
        incidents.record_key,
        incidents.month,
        incidents.tags,
        incidents.ward_code,
        lower(incidents.locality) as locality,
        files.is_synthetic,
        days.created_date,
        coalesce(category_spellings.category, incidents.category) as category
    from incidents
    inner join files
        on incidents.file_sha256 = files.file_sha256
    inner join days
        on
            incidents.file_sha256 = days.file_sha256
            and incidents.row_number = days.row_number
    left join category_spellings
        on
            incidents.category = category_spellings.spelling
            and incidents.month >= coalesce(category_spellings.valid_from, incidents.month)
            and incidents.month <= coalesce(category_spellings.valid_to, incidents.month)
),

excluded as (
    select distinct
        spelt.file_sha256,
        spelt.row_number
    from spelt
    inner join row_exclusions
        on
            spelt.category = coalesce(row_exclusions.category, spelt.category)
            and {{ list_holds("spelt.tags", "row_exclusions.tag") }}
)

select
    spelt.record_key as incident_number,
    spelt.created_date,
    spelt.ward_code,
    spelt.locality,
    spelt.is_synthetic,
    types.type_group
from spelt
inner join counted_categories
    on
        spelt.category = counted_categories.category
        and spelt.month >= coalesce(counted_categories.valid_from, spelt.month)
        and spelt.month <= coalesce(counted_categories.valid_to, spelt.month)
inner join types
    on spelt.category = types.category
left join excluded
    on
        spelt.file_sha256 = excluded.file_sha256
        and spelt.row_number = excluded.row_number
where excluded.file_sha256 is null
