with by_area as (select * from {{ ref("int_coverage__by_area") }}),

-- A merged district counts until it went into another, and that one from then on.
dated as (
    select
        by_area.*,
        coalesce(districts_dated.first_day, by_area.first_month) as first_day,
        coalesce(districts_dated.last_day, by_area.last_month) as last_day
    from by_area
    left join {{ ref("int_districts__dated") }} as districts_dated
        on by_area.area_code = districts_dated.district_code
)

select
    feed as source_feed,
    home_area_code,
    area_level,
    area_code,
    case when first_day > first_month then {{ month_of("first_day") }} else first_month end as first_month,
    case when last_day < last_month then {{ month_of("last_day") }} else last_month end as last_month,
    is_synthetic,
    measures_not_told
from dated
where first_day <= last_month and last_day >= first_month
order by source_feed, area_level, area_code, first_month
