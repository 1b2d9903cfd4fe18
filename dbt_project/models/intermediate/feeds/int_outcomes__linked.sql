with outcomes as (select * from {{ ref("stg_police__outcomes") }}),
crimes as (select * from {{ ref("stg_police__street_crime") }}),
outcome_groups as (select * from {{ ref("police_outcomes") }}),
run_inputs as (select * from {{ ref("stg_run__inputs") }}),

files as (
    select
        ranked.feed,
        ranked.file_sha256,
        bool_or(ranked.is_synthetic) as is_synthetic,
        bool_or(ranked.is_standing and not ranked.is_displaced and ranked.period_end <= run_inputs.as_at) as is_heard
    from {{ ref("int_deliveries__ranked") }} as ranked
    cross join run_inputs
    where
        ranked.feed in ('police/outcomes', 'police/street_crime')
        and ranked.is_taken_in
        -- Crimes of a force without outcomes are not read; outcomes of a supplier whom nobody knows are kept.
        and (
            ranked.feed = 'police/outcomes'
            or ranked.home_area_code in (
                select deliveries.home_area_code
                from {{ ref("int_deliveries__ranked") }} as deliveries
                where deliveries.feed = 'police/outcomes' and deliveries.is_taken_in
            )
        )
    group by ranked.feed, ranked.file_sha256
),

known_crimes as (
    select distinct
        crimes.record_key,
        files.is_synthetic
    from crimes
    inner join files
        on
            crimes.feed = files.feed
            and crimes.file_sha256 = files.file_sha256
    where
        files.is_heard
        and crimes.record_key is not null
),

-- Several suspects of one crime are several rows, at times word for word: what counts is the crime, once for each kind of outcome. The
-- rows of a file that does not stand are judged as they were when it did, and take nothing from the others.
numbered as (
    select
        outcomes.*,
        files.is_synthetic,
        row_number() over (
            partition by
                case when files.is_heard then '' else outcomes.file_sha256 end,
                files.is_synthetic,
                outcomes.record_key,
                coalesce(outcome_groups.outcome_group, outcomes.category)
            order by outcomes.month, outcomes.file_sha256, outcomes.row_number
        ) as place_of_kind,
        row_number() over (
            partition by outcomes.file_sha256, outcomes.record_key, outcomes.category
            order by outcomes.row_number
        ) as place_in_file
    from outcomes
    inner join files
        on
            outcomes.feed = files.feed
            and outcomes.file_sha256 = files.file_sha256
    left join outcome_groups
        on outcomes.category = outcome_groups.outcome
)

select
    numbered.feed,
    numbered.file_sha256,
    numbered.row_number,
    numbered.record_key || ': ' || numbered.category || ' ' || cast(numbered.place_in_file as string) as record_key,
    numbered.month,
    numbered.category,
    concat_ws(
        ';',
        case when known_crimes.record_key is null then 'crime_not_delivered' end,
        case when numbered.place_of_kind > 1 then 'repeated' end
    ) as tags,
    numbered.counts_for,
    numbered.lsoa_code,
    numbered.ward_code,
    numbered.beat_code,
    numbered.locality,
    numbered.area_key
from numbered
left join known_crimes
    on
        numbered.record_key = known_crimes.record_key
        and numbered.is_synthetic = known_crimes.is_synthetic
