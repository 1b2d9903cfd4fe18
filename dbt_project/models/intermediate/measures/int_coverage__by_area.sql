{{ config(materialized="table") }}

{#
Where nothing counted is zero: in each area of a supplier that delivered the month. Not so in an area of a kind that no row names, in an LSOA of
another vintage than the delivery's, or in a cell that a published table of whole quarters or years does not have.
#}
with covered as (select * from {{ ref("int_areas__covered") }} where has_closer_home is not true),
areas as (select * from {{ ref("int_areas__in_use") }}),

counted_by_cell as (
    select source_feed from {{ ref("feed_count_periods") }}
    where counted_by = 'period'
),

undecided as (
    select
        feed,
        file_sha256,
        {{ listed("measure_code") }} as measures_not_told
    from {{ ref("int_measures__undecided") }}
    group by feed, file_sha256
),

months_delivered as (
    select
        delivered.feed,
        delivered.home_area_code,
        delivered.month,
        delivered.lsoa_vintage,
        delivered.is_synthetic,
        undecided.measures_not_told,
        12 * year(delivered.month) + month(delivered.month) as month_number
    from {{ ref("int_months__delivered") }} as delivered
    left join undecided
        on
            delivered.feed = undecided.feed
            and delivered.file_sha256 = undecided.file_sha256
    where delivered.feed not in (select counted_by_cell.source_feed from counted_by_cell)
),

unplaced as (
    select
        feed,
        area_code,
        {{ listed(month_label("month")) }} as months_without_place
    from {{ ref("int_areas__unplaced") }}
    group by feed, area_code
),

placed as (
    select
        covered.feed,
        covered.home_area_code,
        covered.area_level,
        covered.area_code,
        coalesce(unplaced.months_without_place, '') as months_without_place,
        case
            when covered.area_level = 'lsoa' and areas.vintage not in ('none', '2011 and 2021') then areas.vintage
            else 'any'
        end as lsoa_vintage
    from covered
    inner join areas
        on covered.area_code = areas.area_code
    left join unplaced
        on
            covered.feed = unplaced.feed
            and covered.area_code = unplaced.area_code
),

-- Areas with the same months are taken together: months are not written out area by area.
sets as (
    select distinct
        feed,
        home_area_code,
        months_without_place,
        lsoa_vintage
    from placed
),

months_of_sets as (
    select
        sets.*,
        months_delivered.month,
        months_delivered.is_synthetic,
        months_delivered.measures_not_told,
        months_delivered.month_number - row_number() over (
            partition by
                sets.feed,
                sets.home_area_code,
                sets.months_without_place,
                sets.lsoa_vintage,
                months_delivered.is_synthetic,
                months_delivered.measures_not_told
            order by months_delivered.month
        ) as range_number
    from sets
    inner join months_delivered
        on
            sets.feed = months_delivered.feed
            and sets.home_area_code = months_delivered.home_area_code
    where
        sets.lsoa_vintage in ('any', cast(months_delivered.lsoa_vintage as string))
        and not {{ list_holds("sets.months_without_place", month_label("months_delivered.month"), ", ") }}
),

ranges as (
    select
        feed,
        home_area_code,
        months_without_place,
        lsoa_vintage,
        is_synthetic,
        measures_not_told,
        min(month) as first_month,
        max(month) as last_month
    from months_of_sets
    group by
        feed,
        home_area_code,
        months_without_place,
        lsoa_vintage,
        is_synthetic,
        measures_not_told,
        range_number
)

select
    placed.feed,
    placed.home_area_code,
    placed.area_level,
    placed.area_code,
    ranges.first_month,
    ranges.last_month,
    ranges.is_synthetic,
    ranges.measures_not_told,
    coalesce(area_levels.keeps_zeros, true) as keeps_zeros
from placed
inner join ranges
    on
        placed.feed = ranges.feed
        and placed.home_area_code = ranges.home_area_code
        and placed.months_without_place = ranges.months_without_place
        and placed.lsoa_vintage = ranges.lsoa_vintage
left join {{ ref("area_levels") }} as area_levels
    on placed.area_level = area_levels.area_level
