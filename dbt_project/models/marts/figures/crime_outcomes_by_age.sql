with crimes as (select * from {{ ref("int_crimes__decided") }}),
follow_ups as (select * from {{ ref("outcome_follow_ups") }}),
areas as (select * from {{ ref("int_areas__in_use") }}),
dated as (select * from {{ ref("int_districts__dated") }}),
feeds as (select * from {{ ref("stg_ledger__feeds") }} where feed = 'police/outcomes'),
run_inputs as (select * from {{ ref("stg_run__inputs") }}),

outcome_months as (
    select distinct
        home_area_code,
        is_synthetic,
        month
    from {{ ref("int_months__delivered") }}
    where feed = 'police/outcomes'
),

cohorts as (
    select distinct
        home_area_code,
        is_synthetic,
        month
    from crimes
),

-- Months of which every outcomes file is there, up to the age: of another one nothing is said.
followed as (
    select
        cohorts.home_area_code,
        cohorts.is_synthetic,
        cohorts.month,
        follow_ups.months_after
    from cohorts
    cross join follow_ups
    inner join outcome_months
        on
            cohorts.home_area_code = outcome_months.home_area_code
            and cohorts.is_synthetic = outcome_months.is_synthetic
            and outcome_months.month between cohorts.month and {{ add_months("cohorts.month", "follow_ups.months_after") }}
    group by cohorts.home_area_code, cohorts.is_synthetic, cohorts.month, follow_ups.months_after
    having count(*) = follow_ups.months_after + 1
),

placed as (
    select
        crimes.*,
        crimes.home_area_code as area_code
    from crimes
    union all
    select
        crimes.*,
        crimes.district_code as area_code
    from crimes
    where crimes.district_code is not null
    union all
    -- A district that was merged counts in the one that it went into too; only one of the two is shown of a month.
    select
        crimes.*,
        merged.successor_code as area_code
    from crimes
    inner join {{ ref("int_districts__merged") }} as merged
        on crimes.district_code = merged.district_code
),

typed as (
    {% for crime_type in ["'all crime'", "category"] %}
        select
            placed.*,
            {{ crime_type }} as crime_type
        from placed
        {{ "union all" if not loop.last }}
    {% endfor %}
),

judged as (
    select
        typed.area_code,
        typed.is_synthetic,
        typed.month,
        typed.crime_type,
        followed.months_after,
        typed.is_no_suspect_in_street_file,
        typed.is_open_in_street_file,
        case
            when typed.charged_month <= {{ add_months("typed.month", "followed.months_after") }} then 'charged'
            when typed.no_suspect_month <= {{ add_months("typed.month", "followed.months_after") }} then 'unsolved'
            when typed.decided_month <= {{ add_months("typed.month", "followed.months_after") }} then 'otherwise'
            else 'open'
        end as decision
    from typed
    inner join followed
        on
            typed.home_area_code = followed.home_area_code
            and typed.is_synthetic = followed.is_synthetic
            and typed.month = followed.month
),

counted as (
    select
        area_code,
        is_synthetic,
        month,
        crime_type,
        months_after,
        count(*) as crimes,
        {% for decision in ["charged", "unsolved", "otherwise", "open"] %}
            sum(case when decision = '{{ decision }}' then 1 else 0 end) as {{ decision }},
        {% endfor %}
        sum(case when is_no_suspect_in_street_file then 1 else 0 end) as unsolved_at_download,
        sum(case when is_open_in_street_file then 1 else 0 end) as open_at_download
    from judged
    group by area_code, is_synthetic, month, crime_type, months_after
)

select
    counted.area_code,
    areas.area_name,
    areas.area_level,
    counted.month as crime_month,
    counted.crime_type,
    counted.months_after,
    cast(counted.crimes as bigint) as crimes,
    cast(counted.charged as bigint) as charged,
    cast(counted.unsolved as bigint) as unsolved,
    cast(counted.otherwise as bigint) as decided_otherwise,
    cast(counted.open as bigint) as still_open,
    {% for decision in ["charged", "unsolved", "open"] %}
        round(100 * counted.{{ decision }} / counted.crimes, 10) as {{ decision }}_pct,
        round(100 * {{ wilson_limit("cast(counted." ~ decision ~ " as double)", "counted.crimes", "-") }}, 10) as {{ decision }}_lower_95,
        round(100 * {{ wilson_limit("cast(counted." ~ decision ~ " as double)", "counted.crimes", "+") }}, 10) as {{ decision }}_upper_95,
    {% endfor %}
    cast(counted.unsolved_at_download as bigint) as unsolved_at_download,
    cast(counted.open_at_download as bigint) as open_at_download,
    case
        when
            last_day({{ add_months("counted.month", "counted.months_after + feeds.revision_window_months") }}) <= run_inputs.as_at
            then 'final'
        else 'provisional'
    end as status,
    counted.is_synthetic
from counted
inner join areas
    on counted.area_code = areas.area_code
cross join feeds
cross join run_inputs
left join dated
    on counted.area_code = dated.district_code
where
    (dated.first_day is null or counted.month >= dated.first_day)
    and (dated.last_day is null or counted.month <= dated.last_day)
order by
    counted.area_code, counted.month, counted.crime_type, counted.months_after, counted.is_synthetic
