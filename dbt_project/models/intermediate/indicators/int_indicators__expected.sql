with indicators as (select * from {{ ref("indicators") }} where formula_kind not in ('gap', 'sum')),
areas as (select * from {{ ref("int_areas__in_use") }}),
covered as (select * from {{ ref("int_areas__covered") }} where has_closer_home is not true),
periods as (select * from {{ ref("int_periods__judged") }}),
run_inputs as (select * from {{ ref("stg_run__inputs") }}),
districts_dated as (select * from {{ ref("int_districts__dated") }}),
published_levels as (select * from {{ ref("indicator_area_levels") }}),
area_levels as (select * from {{ ref("area_levels") }}),
frequencies as (select * from {{ ref("frequency_period_types") }}),

-- First which periods are due at a level, and then in which areas: areas times all periods would be ten times as many.
-- That nothing of a period came, rows of larger areas tell, and not each of thousands of wards: but what ends with the as-at month
-- stands in each, or their last delivery would be what stands as at the date.
due as materialized (
    select
        indicators.indicator_code,
        indicators.formula_kind,
        indicators.numerator_measure,
        indicators.denominator_measure,
        indicators.denominator,
        indicators.source_feed,
        indicators.multiplier,
        published_levels.area_level,
        coalesce(area_levels.keeps_zeros, true) as keeps_zeros,
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
        periods.size_note
    from indicators
    inner join periods
        on indicators.source_feed = periods.feed
    inner join frequencies
        on
            indicators.frequency = frequencies.frequency
            and periods.period_type = frequencies.period_type
    inner join published_levels
        on
            periods.period_type = published_levels.period_type
            and {{ list_holds("indicators.allowed_area_levels", "published_levels.area_level") }}
            and (published_levels.latest_months is null or periods.latest_place <= published_levels.latest_months)
    left join area_levels
        on published_levels.area_level = area_levels.area_level
    cross join run_inputs
    where
        periods.is_begun
        or coalesce(area_levels.keeps_zeros, true)
        or periods.period_end = last_day(run_inputs.last_month)
),

placed as materialized (
    select
        covered.feed,
        covered.home_area_code,
        areas.area_code,
        areas.area_name,
        areas.area_level,
        districts_dated.first_day,
        districts_dated.last_day,
        districts_dated.begun_on,
        districts_dated.abolition_note
    from covered
    inner join areas
        on covered.area_code = areas.area_code
    left join districts_dated
        on areas.area_code = districts_dated.district_code
)

select
    due.* exclude (size_note),
    placed.area_code,
    placed.area_name,
    nullif(concat_ws(
        '; ',
        due.size_note,
        placed.abolition_note,
        case
            when due.period_start < placed.begun_on
                then
                    'there is such a council since ' || cast(placed.begun_on as string)
                    || ': before, the sum of those that it replaced'
        end
    ), '') as area_note
from due
inner join placed
    on
        due.source_feed = placed.feed
        and due.home_area_code = placed.home_area_code
        and due.area_level = placed.area_level
where
    (placed.first_day is null or due.period_end >= placed.first_day)
    and (placed.last_day is null or due.period_end <= placed.last_day)
