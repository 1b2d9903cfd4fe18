with transects as (select * from {{ ref("stg_council__street_cleanliness") }}),
grades as (select * from {{ ref("cleanliness_grades") }}),
due_wards as (select * from {{ ref("cleanliness_wards") }}),

files as (
    select
        file_sha256,
        max(home_area_code) as home_area_code,
        max(period_start) as tranche_start,
        bool_or(is_synthetic) as is_synthetic,
        bool_or(is_standing) and not bool_or(is_displaced) as is_heard
    from {{ ref("int_deliveries__ranked") }}
    where
        feed = 'council/street_cleanliness'
        and is_taken_in
    group by file_sha256
),

-- Where no list of wards is known, no ward is wrong.
listed_tranches as (
    select distinct
        home_area_code,
        tranche_start,
        is_synthetic
    from due_wards
),

placed as (
    select
        transects.*,
        files.home_area_code,
        files.tranche_start,
        files.is_heard,
        listed_tranches.home_area_code is not null and due_wards.ward_code is null as is_of_other_ward
    from transects
    inner join files
        on transects.file_sha256 = files.file_sha256
    left join listed_tranches
        on
            files.home_area_code = listed_tranches.home_area_code
            and files.tranche_start = listed_tranches.tranche_start
            and files.is_synthetic = listed_tranches.is_synthetic
    left join due_wards
        on
            files.home_area_code = due_wards.home_area_code
            and files.tranche_start = due_wards.tranche_start
            and files.is_synthetic = due_wards.is_synthetic
            and transects.ward_code = due_wards.ward_code
),

elements as (
    {% for element in ["litter", "detritus", "graffiti", "flyposting"] %}
        select
            file_sha256,
            row_number,
            site_reference,
            survey_date,
            ward_code,
            land_use,
            home_area_code,
            tranche_start,
            is_heard,
            is_of_other_ward,
            '{{ element }}' as element,
            {{ element }} as grade_sent
        from placed
        {{ "union all" if not loop.last }}
    {% endfor %}
)

select
    elements.*,
    grades.grade,
    grades.fail_weight
from elements
left join grades
    on elements.grade_sent = grades.grade_sent
