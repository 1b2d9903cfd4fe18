{{ config(materialized="table") }}

with restatements as (select * from {{ ref("int_deliveries__replaced") }}),
undecided as (select * from {{ ref("int_measures__undecided") }}),

restated_files as (
    select previous_file_sha256 as file_sha256 from restatements
    union
    select file_sha256 from restatements
),

measures_by_delivery as (
    select * from {{ ref("int_measures__by_delivery") }}
    where file_sha256 in (select restated_files.file_sha256 from restated_files)
),

both_versions as (
    select
        restatements.*,
        measures_by_delivery.month,
        measures_by_delivery.measure_code,
        measures_by_delivery.area_code,
        measures_by_delivery.area_level,
        case
            when measures_by_delivery.file_sha256 = restatements.previous_file_sha256 then measures_by_delivery.value
        end as previous_value,
        case when measures_by_delivery.file_sha256 = restatements.file_sha256 then measures_by_delivery.value end as value
    from restatements
    inner join measures_by_delivery
        on
            restatements.feed = measures_by_delivery.feed
            and measures_by_delivery.file_sha256 in (restatements.previous_file_sha256, restatements.file_sha256)
),

compared as (
    select
        feed,
        period_start,
        month,
        measure_code,
        area_code,
        area_level,
        round(coalesce(sum(previous_value), 0), 9) as previous_value,
        round(coalesce(sum(value), 0), 9) as value,
        previous_file_sha256,
        file_sha256,
        change_number,
        reason
    from both_versions
    group by
        feed, period_start, month, measure_code, area_code, area_level, previous_file_sha256, file_sha256, change_number, reason
)

-- What had no figure before is not restated by its first one.
select compared.*
from compared
left join undecided
    on
        compared.feed = undecided.feed
        and compared.measure_code = undecided.measure_code
        and undecided.file_sha256 in (compared.previous_file_sha256, compared.file_sha256)
where
    compared.previous_value <> compared.value
    and undecided.measure_code is null
