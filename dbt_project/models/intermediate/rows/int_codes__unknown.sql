{{ config(materialized="table") }}

{#
Codes that stand in no list of their feed, in the category that is counted and in the other coded columns that decide what is counted. Blank
is not unknown.
#}
with feeds as (select * from {{ ref("stg_ledger__feeds") }}),

unknown_rows as (
    select distinct
        located.feed,
        located.home_area_code,
        located.month,
        {{ code_shown("located.category", "feeds.rows_are_people") }} as code,
        {{ code_class("located.category") }} as code_class,
        located.file_sha256,
        located.row_number,
        located.row_count
    from {{ ref("int_rows__located") }} as located
    left join feeds
        on located.feed = feeds.feed
    where
        located.is_code_unknown
        and located.is_standing
),

standing_files as (
    select
        feed,
        file_sha256,
        max(home_area_code) as home_area_code,
        max(period_start) as period_start
    from {{ ref("int_deliveries__ranked") }}
    where is_standing and not is_displaced and home_area_code is not null
    group by feed, file_sha256
),

other_columns as (
    select
        'pct/drug_treatment' as feed,
        treatments.file_sha256,
        treatments.row_number,
        cast(null as date) as month,
        'discharge_reason' as column_name,
        treatments.discharge_reason as code,
        true as concerns_measures
    from {{ ref("stg_pct__drug_treatment") }} as treatments
    where treatments.discharge_reason not in (select known.discharge_reason from {{ ref("discharge_reasons") }} as known)
    {% for number in [1, 2, 3] %}
        union all
        select
            'pct/drug_treatment',
            treatments.file_sha256,
            treatments.row_number,
            cast(null as date),
            'substance_{{ number }}',
            treatments.substance_{{ number }},
            true
        from {{ ref("stg_pct__drug_treatment") }} as treatments
        where
            treatments.substance_{{ number }} not in (
                select known.substance_code from {{ ref("problem_substances") }} as known
            )
    {% endfor %}
    union all
    -- A case counts whatever its type; the type decides only which incident it may be.
    select
        'council/asb_cases',
        cases.file_sha256,
        cases.row_number,
        {{ month_of("cases.received_on") }},
        'category',
        cases.category,
        false
    from {{ ref("stg_council__asb_cases") }} as cases
    where
        cases.category not in (
            select known.category from {{ ref("asb_types") }} as known
            where known.source_feed = 'council/asb_cases'
        )
    union all
    -- A crime counts whatever its outcome, which decides only whether it was detected.
    select
        'police/recorded_crime',
        crimes.file_sha256,
        crimes.row_number,
        crimes.month,
        'outcome',
        crimes.outcome,
        false
    from {{ ref("stg_police__recorded_crime") }} as crimes
    where crimes.outcome not in (select known.outcome from {{ ref("crime_outcomes") }} as known)
    union all
    select
        'council/street_cleanliness',
        graded.file_sha256,
        graded.row_number,
        {{ month_of("graded.survey_date") }},
        graded.element,
        graded.grade_sent,
        true
    from {{ ref("int_street_cleanliness__graded") }} as graded
    where
        replace(graded.grade_sent, '/', '') <> 'NA'
        and graded.grade_sent not in (select known.grade_sent from {{ ref("cleanliness_grades") }} as known)
)

select
    feed,
    home_area_code,
    month,
    'category counted' as column_name,
    code,
    code_class,
    true as concerns_measures,
    cast(sum(row_count) as bigint) as row_count
from unknown_rows
group by feed, home_area_code, month, code, code_class
union all
select
    other_columns.feed,
    standing_files.home_area_code,
    coalesce(other_columns.month, standing_files.period_start),
    other_columns.column_name,
    {{ code_shown("other_columns.code", "feeds.rows_are_people") }},
    '',
    other_columns.concerns_measures,
    count(distinct other_columns.file_sha256 || ' ' || other_columns.row_number)
from other_columns
inner join standing_files
    on
        other_columns.feed = standing_files.feed
        and other_columns.file_sha256 = standing_files.file_sha256
left join feeds
    on other_columns.feed = feeds.feed
group by
    other_columns.feed,
    standing_files.home_area_code,
    coalesce(other_columns.month, standing_files.period_start),
    other_columns.column_name,
    {{ code_shown("other_columns.code", "feeds.rows_are_people") }},
    other_columns.concerns_measures
