{#
What became of each crime, and when: from the outcomes files that stand, whatever their month. A crime that two street files have counts
in the first one.
#}
with crimes as (select * from {{ ref("stg_police__street_crime") }}),
street_outcomes as (select * from {{ ref("stg_police__street_outcomes") }}),
outcomes as (select * from {{ ref("stg_police__outcomes") }}),
outcome_groups as (select * from {{ ref("police_outcomes") }}),
lsoas as (select * from {{ ref("stg_reference__lsoas") }}),
home_districts as (select * from {{ ref("int_home_areas__districts") }}),

files as (
    select distinct
        ranked.feed,
        ranked.file_sha256,
        ranked.home_area_code,
        ranked.is_synthetic
    from {{ ref("int_deliveries__ranked") }} as ranked
    cross join {{ ref("stg_run__inputs") }} as run_inputs
    where
        ranked.feed in ('police/outcomes', 'police/street_crime')
        and ranked.is_standing
        and not ranked.is_displaced
        and ranked.home_area_level = 'force'
        and ranked.period_end <= run_inputs.as_at
        -- Crimes of a force without outcomes are not read.
        and ranked.home_area_code in (
            select deliveries.home_area_code
            from {{ ref("int_deliveries__ranked") }} as deliveries
            where deliveries.feed = 'police/outcomes' and deliveries.is_standing
        )
),

numbered as (
    select
        files.home_area_code,
        files.is_synthetic,
        crimes.record_key,
        crimes.month,
        crimes.category,
        crimes.lsoa_code,
        street_outcomes.last_outcome,
        row_number() over (
            partition by files.home_area_code, files.is_synthetic, crimes.record_key
            order by crimes.month, crimes.file_sha256, crimes.row_number
        ) as place
    from crimes
    inner join files
        on
            crimes.feed = files.feed
            and crimes.file_sha256 = files.file_sha256
    inner join street_outcomes
        on
            crimes.file_sha256 = street_outcomes.file_sha256
            and crimes.row_number = street_outcomes.row_number
    where crimes.record_key is not null
),

decided as (
    select
        files.home_area_code,
        files.is_synthetic,
        outcomes.record_key,
        min(case when outcome_groups.is_charged then outcomes.month end) as charged_month,
        min(case when outcome_groups.outcome_group = 'no_suspect' then outcomes.month end) as no_suspect_month,
        -- An outcome that no list has is one all the same.
        min(case when coalesce(outcome_groups.outcome_group, '') <> 'open' then outcomes.month end) as decided_month
    from outcomes
    inner join files
        on
            outcomes.feed = files.feed
            and outcomes.file_sha256 = files.file_sha256
    left join outcome_groups
        on outcomes.category = outcome_groups.outcome
    group by files.home_area_code, files.is_synthetic, outcomes.record_key
)

select
    numbered.home_area_code,
    home_districts.district_code,
    numbered.is_synthetic,
    numbered.month,
    numbered.category,
    decided.charged_month,
    decided.no_suspect_month,
    decided.decided_month,
    coalesce(outcome_groups.outcome_group = 'no_suspect', false) as is_no_suspect_in_street_file,
    coalesce(outcome_groups.outcome_group, 'open') = 'open' as is_open_in_street_file
from numbered
left join decided
    on
        numbered.home_area_code = decided.home_area_code
        and numbered.is_synthetic = decided.is_synthetic
        and numbered.record_key = decided.record_key
left join outcome_groups
    on numbered.last_outcome = outcome_groups.outcome
left join lsoas
    on numbered.lsoa_code = lsoas.lsoa_code
left join home_districts
    on
        numbered.home_area_code = home_districts.home_area_code
        and lsoas.district_code = home_districts.district_code
where numbered.place = 1
