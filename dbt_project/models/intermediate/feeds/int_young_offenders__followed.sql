with disposals as (select * from {{ ref("stg_partners__young_offenders") }}),
run_inputs as (select * from {{ ref("stg_run__inputs") }}),

files as (
    select
        file_sha256,
        max(period_end) as period_end,
        bool_or(is_synthetic) as is_synthetic,
        bool_or(is_standing) and not bool_or(is_displaced) as is_standing
    from {{ ref("int_deliveries__ranked") }}
    where
        feed = 'partners/young_offenders'
        and is_taken_in
    group by file_sha256
),

listed as (
    select
        disposals.*,
        files.is_synthetic,
        files.is_standing and files.period_end <= run_inputs.as_at as is_known,
        -- Re-offences of the twelve months after March are proven in those months or the three after them.
        last_day({{ add_months("cast(date_trunc('year', disposals.cohort_date) as date)", 17) }}) > run_inputs.as_at as is_unproven,
        row_number() over (
            partition by disposals.file_sha256, disposals.person_key
            order by disposals.cohort_date, disposals.row_number
        ) as place_in_quarter
    from disposals
    inner join files
        on disposals.file_sha256 = files.file_sha256
    cross join run_inputs
),

-- Nobody enters twice: the earliest entry counts, whichever file told it.
entries as (
    select
        person_key,
        is_synthetic,
        min(cohort_date) as first_entry
    from listed
    where
        is_known
        and is_first_time_entrant
    group by person_key, is_synthetic
),

entrants as (
    select
        listed.*,
        row_number() over (
            partition by listed.file_sha256, listed.person_key
            order by listed.cohort_date, listed.row_number
        ) > 1
        or coalesce(entries.first_entry < listed.cohort_date, false) as has_entered_before
    from listed
    left join entries
        on
            listed.person_key = entries.person_key
            and listed.is_synthetic = entries.is_synthetic
    where listed.is_first_time_entrant
),

members as (
    select
        *,
        place_in_quarter = 1 and age <= 17 and month(cohort_date) <= 3 as is_member
    from listed
),

-- What part of a cohort did in a year is not the rate of the cohort: it counts when all of it is followed up.
cohort as (
    select
        *,
        concat_ws(
            ';',
            case
                when
                    month(cohort_date) <= 3
                    and bool_or(is_member and (follow_up_months < 12 or is_unproven)) over (partition by file_sha256)
                    then 'cohort_not_followed'
            end,
            case when place_in_quarter > 1 then 'later_disposal' end,
            case when age > 17 then 'older_than_17' end,
            case when month(cohort_date) > 3 then 'other_months' end
        ) as tags
    from members
),

counted as (
    select
        file_sha256,
        row_number,
        cohort_date,
        'young person' as category,
        tags,
        cast(1 as double) as counts_for
    from cohort
    union all
    select
        file_sha256,
        row_number,
        cohort_date,
        're-offences in 12 months',
        tags,
        cast(reoffences_12 as double)
    from cohort
    where reoffences_12 is not null
    union all
    select
        file_sha256,
        row_number,
        cohort_date,
        'first-time entrant',
        concat_ws(
            ';',
            case when has_entered_before then 'entered_before' end,
            case when age > 17 then 'older_than_17' end
        ),
        cast(1 as double)
    from entrants
)

select
    'partners/young_offenders' as feed,
    file_sha256,
    row_number,
    cast(null as string) as record_key,
    {{ month_of("cohort_date") }} as month,
    category,
    tags,
    counts_for,
    {{ row_places() }}
from counted
