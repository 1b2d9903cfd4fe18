{{ config(materialized="table") }}

with by_month as (select * from {{ ref("int_targets__by_month") }}),
populations as (select * from {{ ref("int_populations__nearest") }}),

ended as (
    select distinct
        target_id,
        area_code,
        denominator,
        target_start,
        baseline_start,
        as_at,
        greatest(0, least(
            12,
            12 * (year(last_month) - year(target_start)) + month(last_month) - month(target_start) + 1
        )) as months_ended
    from by_month
),

elapsed as (
    select
        ended.*,
        cast({{ each_number("least(ended.months_ended, 1)", "ended.months_ended") }} as integer) as months_elapsed
    from ended
),

followed as (
    select
        elapsed.target_id,
        elapsed.months_elapsed,
        -- Sums are null, never small, when a month is missing.
        case
            when elapsed.months_elapsed = count(case when by_month.step < elapsed.months_elapsed then by_month.actual end)
                then sum(case when by_month.step < elapsed.months_elapsed then by_month.actual end)
        end as actual_count,
        case
            when elapsed.months_elapsed = count(case when by_month.step < elapsed.months_elapsed then by_month.baseline end)
                then sum(case when by_month.step < elapsed.months_elapsed then by_month.baseline end)
        end as baseline_to_date_count,
        case
            when elapsed.months_elapsed = count(case when by_month.step < elapsed.months_elapsed then by_month.previous end)
                then sum(case when by_month.step < elapsed.months_elapsed then by_month.previous end)
        end as previous_to_date_count,
        case when count(by_month.baseline) = 12 then sum(by_month.baseline) end as baseline_count,
        case
            when count(by_month.profile) = 12
                then sum(case when by_month.step < elapsed.months_elapsed then by_month.profile else 0 end)
        end as profile_to_date_count,
        case when count(by_month.profile) = 12 then sum(by_month.profile) end as profile_count,
        {{ listed(
            "case when by_month.profile is null and by_month.baseline is not null then by_month.month_of_year end"
        ) }} as missing_profile_months,
        {{ listed(
            "case when by_month.baseline is null then by_month.baseline_label end"
        ) }} as missing_baseline_months,
        {{ listed(
            "case when by_month.step < elapsed.months_elapsed and by_month.actual is null then by_month.target_label end"
        ) }} as missing_target_months,
        bool_or(
            by_month.profile_is_synthetic or (by_month.step < elapsed.months_elapsed and by_month.actual_is_synthetic)
        ) as is_synthetic,
        min(
            case
                when elapsed.months_elapsed = 0 then elapsed.as_at
                else last_day({{ add_months("elapsed.target_start", "elapsed.months_elapsed - 1") }})
            end
        ) as as_at,
        min(elapsed.area_code) as area_code,
        min(elapsed.denominator) as denominator,
        min(year(elapsed.target_start)) as target_year,
        min(year(elapsed.baseline_start)) as baseline_year
    from elapsed
    inner join by_month
        on elapsed.target_id = by_month.target_id
    group by elapsed.target_id, elapsed.months_elapsed
),

-- What each count is measured against: equal months for a count, the people or households there were for a rate.
exposed as (
    select
        followed.*,
        case when followed.denominator is null then 1 else target_population.population end as target_exposure,
        case when followed.denominator is null then 1 else baseline_population.population end as baseline_exposure,
        case when followed.denominator is null then 1 else previous_population.population end as previous_exposure,
        nullif(
            concat_ws(
                '; ',
                target_population.vintage_note,
                'baseline by ' || nullif(baseline_population.vintage_note, target_population.vintage_note)
            ),
            ''
        ) as vintage_note,
        coalesce(target_population.is_synthetic, false)
        or coalesce(baseline_population.is_synthetic, false) as exposure_is_synthetic
    from followed
    {% for name, reference_year in [
        ("target", "target_year"), ("baseline", "baseline_year"), ("previous", "target_year - 1")
    ] %}
        left join populations as {{ name }}_population
            on
                followed.area_code = {{ name }}_population.area_code
                and followed.{{ reference_year }} = {{ name }}_population.reference_year
                and followed.denominator = {{ name }}_population.kind
    {% endfor %}
)

select
    target_id,
    months_elapsed,
    as_at,
    actual_count,
    baseline_to_date_count,
    previous_to_date_count,
    baseline_count,
    profile_to_date_count,
    profile_count,
    target_exposure,
    baseline_exposure,
    target_exposure / (target_exposure + baseline_exposure) as baseline_comparison_share,
    target_exposure / (target_exposure + previous_exposure) as previous_comparison_share,
    missing_baseline_months,
    missing_profile_months,
    missing_target_months,
    vintage_note,
    is_synthetic or exposure_is_synthetic as is_synthetic
from exposed
