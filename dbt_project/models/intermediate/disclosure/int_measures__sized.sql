{{ config(materialized="table") }}

{#
How large each count of people is, what it leaves of its whole, and how large both were before each correction. A count is small
above 0 and below the rule's bound, or when its base is below the indicator's smallest.
#}
with catalogue as (select * from {{ ref("indicator_catalogue") }}),
measure_parts as (select * from {{ ref("measure_parts") }}),
placed as (select * from {{ ref("int_areas__covered") }} where has_closer_home is not true),
-- What an earlier delivery decides was counted anew when it was corrected. Nobody kept what it was before, but it was off by no
-- more than the rows that the correction touches.
counted_anew as (select * from {{ ref("int_measures__reconsidered") }}),

rules as (
    select
        measures.measure_code,
        disclosure_rules.below_count,
        disclosure_rules.disclosure_rule
    from {{ ref("measures") }} as measures
    inner join {{ ref("disclosure_rules") }} as disclosure_rules
        on measures.disclosure_rule = disclosure_rules.disclosure_rule
    where disclosure_rules.below_count is not null
),

bases as (
    select
        denominator_measure as measure_code,
        max(minimum_base) as minimum_base
    from catalogue
    where denominator_measure is not null
    group by denominator_measure
),

periods as (
    select distinct
        feed,
        home_area_code,
        period_type,
        period_start,
        period_end,
        period_label,
        is_complete
    from {{ ref("int_periods__judged") }}
),

restatements as (
    select
        restated.feed,
        restated.measure_code,
        restated.area_code,
        restated.month,
        restated.value - restated.previous_value as change,
        restated.change_number
    from {{ ref("int_measures__restated") }} as restated
    where restated.measure_code in (select rules.measure_code from rules)
),

rows_counted_anew as (
    select
        counted_anew.measure_code,
        counted_anew.feed,
        counted_anew.area_code,
        periods.period_type,
        periods.period_label,
        sum(counted_anew.row_count) as row_count
    from counted_anew
    inner join periods
        on
            counted_anew.feed = periods.feed
            and counted_anew.home_area_code = periods.home_area_code
            and counted_anew.month between periods.period_start and periods.period_end
    group by
        counted_anew.measure_code,
        counted_anew.feed,
        counted_anew.area_code,
        periods.period_type,
        periods.period_label
),

cells as (
    select
        by_period.measure_code,
        by_period.feed,
        by_period.area_code,
        placed.area_level,
        placed.home_area_code,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        periods.period_label,
        periods.is_complete,
        by_period.value,
        by_period.row_count,
        coalesce(rows_counted_anew.row_count, 0) as rows_anew,
        rules.below_count,
        bases.minimum_base
    from {{ ref("int_measures__by_period") }} as by_period
    inner join rules
        on by_period.measure_code = rules.measure_code
    inner join placed
        on
            by_period.feed = placed.feed
            and by_period.area_code = placed.area_code
    inner join periods
        on
            by_period.feed = periods.feed
            and placed.home_area_code = periods.home_area_code
            and by_period.period_type = periods.period_type
            and by_period.period_label = periods.period_label
    left join bases
        on by_period.measure_code = bases.measure_code
    left join rows_counted_anew
        on
            by_period.measure_code = rows_counted_anew.measure_code
            and by_period.feed = rows_counted_anew.feed
            and by_period.area_code = rows_counted_anew.area_code
            and by_period.period_type = rows_counted_anew.period_type
            and by_period.period_label = rows_counted_anew.period_label
),

changes as (
    select
        cells.measure_code,
        cells.area_code,
        cells.period_type,
        cells.period_label,
        restatements.change_number,
        round(sum(restatements.change), 9) as change
    from cells
    inner join restatements
        on
            cells.feed = restatements.feed
            and cells.measure_code = restatements.measure_code
            and cells.area_code = restatements.area_code
            and restatements.month between cells.period_start and cells.period_end
    group by cells.measure_code, cells.area_code, cells.period_type, cells.period_label, restatements.change_number
),

-- What a part leaves of its whole is a count as well: of a percentage's denominator, of a measure that it is a part of, and of the
-- district that a place lies in.
wholes as (
    select distinct
        cells.measure_code,
        cells.area_code,
        cells.area_code as whole_area_code,
        catalogue.denominator_measure as whole_measure_code
    from cells
    inner join catalogue
        on
            cells.measure_code = catalogue.numerator_measure
            and catalogue.formula_kind = 'percentage'
    union
    select
        cells.measure_code,
        cells.area_code,
        cells.area_code as whole_area_code,
        measure_parts.whole_measure_code
    from cells
    inner join measure_parts
        on cells.measure_code = measure_parts.measure_code
    union
    select
        cells.measure_code,
        cells.area_code,
        local_areas.district_code as whole_area_code,
        cells.measure_code as whole_measure_code
    from cells
    inner join {{ ref("local_areas") }} as local_areas
        on cells.area_code = local_areas.area_code
),

rests as (
    select
        cells.*,
        wholes.whole_measure_code,
        wholes.whole_area_code,
        whole_cells.value - cells.value as rest,
        cells.rows_anew + whole_cells.rows_anew as rest_rows_anew
    from cells
    inner join wholes
        on
            cells.measure_code = wholes.measure_code
            and cells.area_code = wholes.area_code
    inner join cells as whole_cells
        on
            wholes.whole_measure_code = whole_cells.measure_code
            and wholes.whole_area_code = whole_cells.area_code
            and cells.period_type = whole_cells.period_type
            and cells.period_label = whole_cells.period_label
),

counts as (
    select
        measure_code,
        area_code,
        period_type,
        period_label,
        'itself' as what,
        measure_code as whole_measure_code,
        area_code as whole_area_code,
        value,
        row_count,
        rows_anew,
        below_count,
        minimum_base
    from cells
    union all
    select
        measure_code,
        area_code,
        period_type,
        period_label,
        'rest of ' || whole_measure_code || ' in ' || whole_area_code,
        whole_measure_code,
        whole_area_code,
        rest,
        null,
        rest_rows_anew,
        below_count,
        null
    from rests
),

changes_of_counts as (
    select
        measure_code,
        area_code,
        period_type,
        period_label,
        'itself' as what,
        change_number,
        change
    from changes
    union all
    select
        rests.measure_code,
        rests.area_code,
        rests.period_type,
        rests.period_label,
        'rest of ' || rests.whole_measure_code || ' in ' || rests.whole_area_code,
        changes.change_number,
        case
            when changes.measure_code = rests.measure_code and changes.area_code = rests.area_code then -changes.change
            else changes.change
        end
    from rests
    inner join changes
        on
            rests.period_type = changes.period_type
            and rests.period_label = changes.period_label
            and (
                (rests.measure_code = changes.measure_code and rests.area_code = changes.area_code)
                or (rests.whole_measure_code = changes.measure_code and rests.whole_area_code = changes.area_code)
            )
),

-- Each count as it is, and as it was before each correction.
versions as (
    select
        counts.*,
        counts.value as version_value,
        true as is_current
    from counts
    union all
    select
        counts.*,
        counts.value - sum(changes_of_counts.change) over (
            partition by
                counts.measure_code, counts.area_code, counts.period_type, counts.period_label, counts.what
            order by changes_of_counts.change_number desc
            range between unbounded preceding and current row
        ) as version_value,
        false as is_current
    from counts
    inner join changes_of_counts
        on
            counts.measure_code = changes_of_counts.measure_code
            and counts.area_code = changes_of_counts.area_code
            and counts.period_type = changes_of_counts.period_type
            and counts.period_label = changes_of_counts.period_label
            and counts.what = changes_of_counts.what
),

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
