with indicators as (select * from {{ ref("indicators") }} where formula_kind not in ('gap', 'sum')),
areas as (select * from {{ ref("int_areas__in_use") }}),
covered as (select * from {{ ref("int_areas__covered") }} where has_closer_home is not true),
periods as (select * from {{ ref("int_periods__judged") }}),
districts_dated as (select * from {{ ref("int_districts__dated") }}),
area_levels as (select * from {{ ref("indicator_area_levels") }}),
frequencies as (select * from {{ ref("frequency_period_types") }}),

published_period_types as (
    select
        area_levels.area_level,
        area_levels.period_type,
        area_levels.latest_months,
        frequencies.frequency
    from area_levels
    inner join frequencies
        on area_levels.period_type = frequencies.period_type
)

select
    indicators.indicator_code,
    indicators.formula_kind,
    indicators.numerator_measure,
    indicators.denominator_measure,
    indicators.denominator,
    indicators.source_feed,
    indicators.multiplier,
    areas.area_code,
    areas.area_name,
    areas.area_level,
    periods.home_area_code,
    periods.period_type,
    periods.period_start,
    periods.period_end,
    periods.period_label,
    periods.reference_year,
    periods.is_complete as is_delivered,
    periods.completeness_note as missing_note,
    periods.step_months,
    periods.parts_needed,
    periods.is_past_revision_window,
    coalesce(zeros.keeps_zeros, true) as keeps_zeros,
    nullif(concat_ws(
        '; ',
        districts_dated.abolition_note,
        case
            when periods.period_start < districts_dated.begun_on
                then
                    'there is such a council since ' || cast(districts_dated.begun_on as string)
                    || ': before, the sum of those that it replaced'
        end
    ), '') as area_note
from indicators
inner join periods
    on indicators.source_feed = periods.feed
inner join covered
    on
        periods.feed = covered.feed
        and periods.home_area_code = covered.home_area_code
inner join areas
    on covered.area_code = areas.area_code
left join {{ ref("area_levels") }} as zeros
    on areas.area_level = zeros.area_level
left join districts_dated
    on areas.area_code = districts_dated.district_code
inner join published_period_types
    on
        areas.area_level = published_period_types.area_level
        and periods.period_type = published_period_types.period_type
        and indicators.frequency = published_period_types.frequency
where
    {{ list_holds("indicators.allowed_area_levels", "areas.area_level") }}
    and (published_period_types.latest_months is null or periods.latest_place <= published_period_types.latest_months)
    and (districts_dated.first_day is null or periods.period_end >= districts_dated.first_day)
    and (districts_dated.last_day is null or periods.period_end <= districts_dated.last_day)
