{# Places of assaults: the longest wording that the receptionist's text holds decides; what no wording fits is of no known district. #}
with attendances as (select * from {{ ref("stg_pct__assault_attendances") }}),
wordings as (select * from {{ ref("location_wordings") }}),
times_of_day as (select * from {{ ref("times_of_day") }}),
home_districts as (select * from {{ ref("int_home_areas__districts") }}),

ranked as (
    select
        attendances.*,
        wordings.area_code,
        wordings.beat_code,
        wordings.locality,
        row_number() over (
            partition by attendances.file_sha256, attendances.row_number
            order by length(wordings.wording) desc, wordings.wording asc
        ) as wording_rank
    from attendances
    left join wordings
        on attendances.location_text like '%' || wordings.wording || '%'
),

home_files as (
    select
        file_sha256,
        max(home_area_code) as home_area_code
    from {{ ref("int_deliveries__ranked") }}
    where feed = 'pct/assault_attendances' and is_taken_in
    group by file_sha256
),

placed as (
    select
        ranked.*,
        times_of_day.time_of_day,
        ranked.area_code is not null and home_districts.district_code is null as is_elsewhere
    from ranked
    left join home_files
        on ranked.file_sha256 = home_files.file_sha256
    left join home_districts
        on
            home_files.home_area_code = home_districts.home_area_code
            and ranked.area_code = home_districts.district_code
    left join times_of_day
        on ranked.time_of_assault between times_of_day.from_time and times_of_day.to_time
    where ranked.wording_rank = 1
)

select
    'pct/assault_attendances' as feed,
    file_sha256,
    row_number,
    attendance_id as record_key,
    {{ month_of("arrival_date") }} as month,
    'assault' as category,
    concat_ws(
        ';',
        case when alcohol_involved then 'alcohol' end,
        case when is_elsewhere then 'happened elsewhere' end,
        time_of_day,
        case when reported_to_police then 'police told' when not reported_to_police then 'police not told' end
    ) as tags,
    cast(1 as double) as counts_for,
    {{ row_places(beat_code="beat_code", locality="locality", area_key="'ons:' || area_code") }}
from placed
