with rows_of_estimates as (select * from {{ ref("stg_ons__population") }}),
run_inputs as (select * from {{ ref("stg_run__inputs") }}),

standing_files as (
    select
        feed,
        file_sha256,
        max(period_start) as period_start,
        bool_or(is_displaced) as is_displaced
    from {{ ref("int_deliveries__ranked") }}
    where is_standing
    group by feed, file_sha256
),

totalled as (
    select distinct
        file_sha256,
        area_code,
        kind
    from rows_of_estimates
    where is_total
),

known_areas as (
    select lsoa_code as area_code from {{ ref("stg_reference__lsoas") }}
    union
    select district_code from {{ ref("stg_reference__districts") }}
    union
    select successor_code from {{ ref("int_districts__merged") }}
)

select
    standing_files.feed,
    standing_files.period_start,
    rows_of_estimates.file_sha256,
    rows_of_estimates.row_number,
    case
        when year(standing_files.period_start) > year(run_inputs.as_at) then 'excluded: the year is after the as-at date'
        when standing_files.is_displaced then 'excluded: synthetic, and the feed has real deliveries'
        when known_areas.area_code is null then 'excluded: the area is in no look-up'
        when not rows_of_estimates.is_total and totalled.area_code is not null
            then 'excluded: part of a total that was sent too'
        when not rows_of_estimates.is_total and not rows_of_estimates.is_part
            then 'excluded: all ages or both sexes, beside its parts'
        else 'counted'
    end as outcome
from rows_of_estimates
inner join standing_files
    on
        rows_of_estimates.feed = standing_files.feed
        and rows_of_estimates.file_sha256 = standing_files.file_sha256
cross join run_inputs
left join totalled
    on
        rows_of_estimates.file_sha256 = totalled.file_sha256
        and rows_of_estimates.area_code = totalled.area_code
        and rows_of_estimates.kind = totalled.kind
left join known_areas
    on rows_of_estimates.area_code = known_areas.area_code
