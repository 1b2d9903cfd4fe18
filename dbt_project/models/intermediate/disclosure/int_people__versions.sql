with cells as (select * from {{ ref("int_people__counted") }}),
changes as (select * from {{ ref("int_people__corrected") }}),
catalogue as (select * from {{ ref("indicator_catalogue") }}),
measure_parts as (select * from {{ ref("measure_parts") }}),

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
)

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
