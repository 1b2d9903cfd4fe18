{#
A table of whole quarters or years counts what it names: a cell that no table has is no figure at all, unless the table cannot tell it
yet, and a year of four quarters needs the cell in each.
#}
with expected as (select * from {{ ref("int_indicators__expected") }}),
numerators as (select * from {{ ref("int_measures__by_period") }}),
undecided as (select * from {{ ref("int_periods__undecided") }}),
period_months as (select * from {{ ref("int_periods__expanded") }}),
unplaced_months as (select * from {{ ref("int_areas__unplaced") }}),

unplaced as (
    select
        period_months.feed,
        period_months.home_area_code,
        unplaced_months.area_code,
        period_months.period_type,
        period_months.period_label,
        'missing: no row delivered names a ' || {{ listed("unplaced_months.kind") }} || ' in '
        || {{ listed(month_label("unplaced_months.month")) }} as unplaced_note
    from period_months
    inner join unplaced_months
        on
            period_months.feed = unplaced_months.feed
            and period_months.home_area_code = unplaced_months.home_area_code
            and period_months.month = unplaced_months.month
    group by
        period_months.feed,
        period_months.home_area_code,
        unplaced_months.area_code,
        period_months.period_type,
        period_months.period_label
)

select
    expected.*,
    expected.is_delivered
    and unplaced.area_code is null
    and undecided_numerators.measure_code is null
    and undecided_denominators.measure_code is null
    and (coalesce(expected.step_months, 1) = 1 or numerators.parts_counted = expected.parts_needed) as is_complete,
    coalesce(
        nullif(concat_ws(
            '; ',
            expected.missing_note,
            unplaced.unplaced_note,
            coalesce(undecided_numerators.undecided_note, undecided_denominators.undecided_note)
        ), ''),
        numerators.parts_counted || ' of ' || expected.parts_needed || ' tables have it; missing the rest'
    ) as completeness_note,
    numerators.value as numerator_value,
    numerators.row_count as numerator_row_count,
    coalesce(numerators.is_synthetic, false) as numerator_is_synthetic,
    coalesce(numerators.is_revised, false) as numerator_is_revised
from expected
left join numerators
    on
        expected.numerator_measure = numerators.measure_code
        and expected.area_code = numerators.area_code
        and expected.source_feed = numerators.feed
        and expected.period_type = numerators.period_type
        and expected.period_label = numerators.period_label
left join unplaced
    on
        expected.source_feed = unplaced.feed
        and expected.home_area_code = unplaced.home_area_code
        and expected.area_code = unplaced.area_code
        and expected.period_type = unplaced.period_type
        and expected.period_label = unplaced.period_label
{% for side in ["numerator", "denominator"] %}
    left join undecided as undecided_{{ side }}s
        on
            expected.{{ side }}_measure = undecided_{{ side }}s.measure_code
            and expected.source_feed = undecided_{{ side }}s.feed
            and expected.home_area_code = undecided_{{ side }}s.home_area_code
            and expected.period_type = undecided_{{ side }}s.period_type
            and expected.period_label = undecided_{{ side }}s.period_label
{% endfor %}
where
    coalesce(expected.step_months, 1) = 1
    or numerators.parts_counted is not null
    or undecided_numerators.measure_code is not null
