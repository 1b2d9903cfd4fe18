with caseload as (

    select * from {{ ref("stg_partners__probation_reoffending") }}

),

home_districts as (

    select * from {{ ref("int_home_areas__districts") }}

),

files as (

    select
        file_sha256,
        max(home_area_code) as home_area_code
    from {{ ref("int_deliveries__ranked") }}
    where
        feed = 'partners/probation_reoffending'
        and is_taken_in
    group by file_sha256

),

tagged as (

    select
        caseload.*,
        concat_ws(
            ';',
            case when home_districts.district_code is null then 'other_area' end,
            case when caseload.has_reoffended is null then 'outcome_unknown' end
        ) as tags
    from caseload
    inner join files
        on caseload.file_sha256 = files.file_sha256
    left join home_districts
        on
            files.home_area_code = home_districts.home_area_code
            and caseload.district_code = home_districts.district_code

),

counted as (

    select
        *,
        'offender' as category,
        cast(1 as double) as quantity
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
    cast(date_trunc('month', snapshot_date) as date) as month,
    category,
    tags,
    quantity,
    cast(null as string) as lsoa_code,
    cast(null as string) as ward_code,
    cast(null as string) as beat_code,
    cast(null as string) as locality,
    'ons:' || district_code as area_key
from counted
