{#
Where no zeros are written out, nothing counted in a period that the supplier tells is zero. A table of whole quarters or years counts what it names: a cell that no table has is no figure at all, unless the table cannot tell it
yet, and a year of four quarters needs the cell in each.
#}
with expected as (select * from {{ ref("int_indicators__expected") }}),
numerators as (select * from {{ ref("int_measures__by_period") }}),
undecided as (select * from {{ ref("int_periods__undecided") }}),
unplaced_rows as (select * from {{ ref("int_periods__unplaced") }}),
doubtful as (select * from {{ ref("int_periods__doubtful") }}),
told as (select * from {{ ref("int_periods__told") }}),
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
    and doubtful_numerators.measure_code is null
    and doubtful_denominators.measure_code is null
    and unplaced_rows.is_incomplete is not true
    and (coalesce(expected.step_months, 1) = 1 or numerators.parts_counted = expected.parts_needed) as is_complete,
    coalesce(
        nullif(concat_ws(
            '; ',
            expected.missing_note,
            unplaced.unplaced_note,
            coalesce(undecided_numerators.undecided_note, undecided_denominators.undecided_note),
            case when unplaced_rows.is_incomplete then 'missing: too many rows have no place' end,
            coalesce(doubtful_numerators.doubtful_note, doubtful_denominators.doubtful_note)
        ), ''),
        case
            when expected.step_months > 1
                then numerators.parts_counted || ' of ' || expected.parts_needed || ' tables have it; missing the rest'
        end
    ) as completeness_note,
    coalesce(numerators.value, case when told_numerators.measure_code is not null then 0 end) as numerator_value,
    nullif(concat_ws('; ', unplaced_rows.place_note, expected.area_note), '') as place_note,
    coalesce(numerators.row_count, case when told_numerators.measure_code is not null then 0 end) as numerator_row_count,
    coalesce(numerators.is_synthetic, told_numerators.is_synthetic, false) as numerator_is_synthetic,
    coalesce(numerators.is_revised, told_numerators.is_revised, false) as numerator_is_revised,
    told_denominators.measure_code is not null as is_denominator_told,
    coalesce(told_denominators.is_synthetic, false) as denominator_is_synthetic,
    coalesce(told_denominators.is_revised, false) as denominator_is_revised
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
left join unplaced_rows
    on
        expected.source_feed = unplaced_rows.feed
        and expected.home_area_code = unplaced_rows.home_area_code
        and expected.period_type = unplaced_rows.period_type
        and expected.period_label = unplaced_rows.period_label
        and expected.area_code not in (
            expected.home_area_code, {{ no_geography_code("expected.home_area_code", "") }} || expected.area_level
        )
{% for side in ["numerator", "denominator"] %}
    {% for kind in ["undecided", "doubtful", "told"] %}
        left join {{ kind }} as {{ kind }}_{{ side }}s
            on
                expected.{{ side }}_measure = {{ kind }}_{{ side }}s.measure_code
                and expected.source_feed = {{ kind }}_{{ side }}s.feed
                and expected.home_area_code = {{ kind }}_{{ side }}s.home_area_code
                and expected.period_type = {{ kind }}_{{ side }}s.period_type
                and expected.period_label = {{ kind }}_{{ side }}s.period_label
                {% if kind == "told" %}
                    and not expected.keeps_zeros
                    and unplaced.area_code is null
                {% endif %}
    {% endfor %}
{% endfor %}
where
    coalesce(expected.step_months, 1) = 1
    or numerators.parts_counted is not null
    or undecided_numerators.measure_code is not null
