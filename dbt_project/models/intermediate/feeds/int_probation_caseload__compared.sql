with caseload as (select * from {{ ref("stg_partners__probation_reoffending") }}),

tagged as (
    select
        *,
        case when has_reoffended is null then 'outcome_unknown' else '' end as tags
    from caseload
),

counted as (
    select
        *,
        'offender' as category,
        cast(1 as double) as counts_for
    from tagged
    union all
    select
        *,
        'predicted re-offender',
        predicted_probability
    from tagged
    union all
    select
        *,
        're-offender',
        cast(1 as double)
    from tagged
    where has_reoffended
)

select
    'partners/probation_reoffending' as feed,
    file_sha256,
    row_number,
    cast(null as string) as record_key,
    {{ month_of("snapshot_date") }} as month,
    category,
    tags,
    counts_for,
    {{ row_places(area_key="'ons:' || district_code") }}
from counted
