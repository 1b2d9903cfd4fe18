{{ config(materialized="table") }}

{#
How large each count of people is, what it leaves of its whole, and how large both were before each correction. A count is small
above 0 and below the rule's bound, or when its base is below the indicator's smallest.
#}
with cells as (select * from {{ ref("int_people__counted") }}),
changes as (select * from {{ ref("int_people__corrected") }}),
versions as (select * from {{ ref("int_people__versions") }}),

sized as (
    select
        measure_code,
        area_code,
        period_type,
        period_label,
        what,
        whole_measure_code,
        whole_area_code,
        is_current,
        rows_anew,
        (round(version_value, 6) + rows_anew > 0 and version_value - rows_anew < below_count)
        or (is_current and row_count > 0 and row_count < greatest(below_count, coalesce(minimum_base, 0))) as is_small
    from versions
),

sizes as (
    select
        measure_code,
        area_code,
        period_type,
        period_label,
        what,
        whole_measure_code,
        whole_area_code,
        bool_or(coalesce(is_small, false)) as is_small,
        bool_or(coalesce(is_small, false) and is_current)
        and (bool_or(not coalesce(is_small, false) and not is_current) or max(rows_anew) > 0) as became_small
    from sized
    group by measure_code, area_code, period_type, period_label, what, whole_measure_code, whole_area_code
),

-- What a part leaves can have become small by a correction of the part or of its whole.
became_small as (
    select
        measure_code,
        area_code,
        period_type,
        period_label
    from sizes
    where became_small
    union
    select
        whole_measure_code,
        whole_area_code,
        period_type,
        period_label
    from sizes
    where became_small
),

corrections as (
    select
        measure_code,
        area_code,
        period_type,
        period_label,
        round(sum(change), 9) as change
    from changes
    group by measure_code, area_code, period_type, period_label
),

small as (
    select distinct
        measure_code,
        area_code,
        period_type,
        period_label
    from sizes
    where is_small
),

judged as (
    select
        cells.*,
        -- Partners go by what was counted at first, so that a correction hides no other ones than the release before.
        round(cells.value - coalesce(corrections.change, 0), 9) as first_value,
        small.measure_code is not null as is_small,
        became_small.measure_code is not null as became_small
    from cells
    left join corrections
        on
            cells.measure_code = corrections.measure_code
            and cells.area_code = corrections.area_code
            and cells.period_type = corrections.period_type
            and cells.period_label = corrections.period_label
    left join small
        on
            cells.measure_code = small.measure_code
            and cells.area_code = small.area_code
            and cells.period_type = small.period_type
            and cells.period_label = small.period_label
    left join became_small
        on
            cells.measure_code = became_small.measure_code
            and cells.area_code = became_small.area_code
            and cells.period_type = became_small.period_type
            and cells.period_label = became_small.period_label
)

select
    measure_code,
    feed,
    area_code,
    area_level,
    home_area_code,
    period_type,
    period_start,
    period_label,
    value,
    first_value,
    below_count,
    rows_anew,
    is_small,
    became_small
from judged
