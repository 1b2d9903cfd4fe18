with restated as (select * from {{ ref("int_measures__restated") }}),
moved as (select * from {{ ref("int_records__moved") }}),
measures as (select * from {{ ref("measures") }}),
disclosure_rules as (select * from {{ ref("disclosure_rules") }}),

-- A record moves a value when it counts there in one of the two files only, or for another quantity.
moves as (
    select
        restated.feed,
        restated.period_start,
        restated.month,
        restated.measure_code,
        restated.area_code,
        restated.previous_file_sha256,
        restated.file_sha256,
        moved.movement,
        count(*) as record_count
    from restated
    inner join moved
        on
            restated.feed = moved.feed
            and restated.period_start = moved.period_start
            and restated.previous_file_sha256 = moved.previous_file_sha256
            and restated.file_sha256 = moved.file_sha256
    where
        (
            moved.movement = 'count changed'
            and moved.month = restated.month
            and {{ list_holds("moved.measure_codes", "restated.measure_code", ", ") }}
            and {{ list_holds("moved.area_codes", "restated.area_code", ", ") }}
        )
        or coalesce(
            moved.previous_month = restated.month
            and {{ list_holds("moved.previous_measure_codes", "restated.measure_code", ", ") }}
            and {{ list_holds("moved.previous_area_codes", "restated.area_code", ", ") }},
            false
        ) <> coalesce(
            moved.month = restated.month
            and {{ list_holds("moved.measure_codes", "restated.measure_code", ", ") }}
            and {{ list_holds("moved.area_codes", "restated.area_code", ", ") }},
            false
        )
    group by
        restated.feed,
        restated.period_start,
        restated.month,
        restated.measure_code,
        restated.area_code,
        restated.previous_file_sha256,
        restated.file_sha256,
        moved.movement
),

described as (
    select
        feed,
        period_start,
        month,
        measure_code,
        area_code,
        previous_file_sha256,
        file_sha256,
        {{ listed("movement || ' ' || record_count") }} as movements
    from moves
    group by feed, period_start, month, measure_code, area_code, previous_file_sha256, file_sha256
)

select
    restated.feed,
    restated.period_start,
    restated.month,
    restated.measure_code,
    restated.area_code,
    restated.area_level,
    restated.previous_value,
    restated.value,
    round(restated.value - restated.previous_value, 9) as change,
    described.movements,
    restated.previous_file_sha256,
    restated.file_sha256,
    restated.reason
from restated
left join described
    on
        restated.feed = described.feed
        and restated.period_start = described.period_start
        and restated.month = described.month
        and restated.measure_code = described.measure_code
        and restated.area_code = described.area_code
        and restated.previous_file_sha256 = described.previous_file_sha256
        and restated.file_sha256 = described.file_sha256
inner join measures
    on restated.measure_code = measures.measure_code
inner join disclosure_rules
    on measures.disclosure_rule = disclosure_rules.disclosure_rule
-- That a count of people changed in a month is one already.
where
    not {{ for_the_public() }}
    or (
        disclosure_rules.shows_months
        and not {{ list_holds("coalesce(disclosure_rules.withheld_area_levels, '')", "restated.area_level") }}
    )
order by
    restated.feed,
    restated.period_start,
    restated.month,
    restated.measure_code,
    restated.area_code,
    restated.file_sha256,
    restated.previous_file_sha256
