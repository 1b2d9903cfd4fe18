-- The same indicators in the other areas, in the latest period that the series shows: as many as a page can hold, those
-- inside the area before others of their level, and how many there are.
with shown as (
    select
        unnest(cast($indicators as varchar [])) as indicator_code,
        unnest(cast($areas as varchar [])) as area_code,
        unnest(cast($period_types as varchar [])) as period_type,
        unnest(cast($period_labels as varchar [])) as period_label
),

others as (
    select
        figures.*,
        count(*) over (partition by figures.indicator_code) as area_count,
        row_number() over (
            partition by figures.indicator_code
            order by
                case figures.area_level
                    when 'force' then 1 when 'county' then 2 when 'district' then 3 when 'town' then 4
                    when 'priority_neighbourhood' then 5 when 'ward' then 6 else 7
                end,
                figures.area_level,
                coalesce(areas.parent_code = shown.area_code, false) desc,
                figures.area_name,
                figures.area_code
        ) as place
    from indicator_values as figures
    inner join shown
        on
            figures.indicator_code = shown.indicator_code
            and figures.period_type = shown.period_type
            and figures.period_label = shown.period_label
            and figures.area_code <> shown.area_code
    left join areas on figures.area_code = areas.area_code
)

select * exclude (place)
from others
where place <= 60
order by indicator_code, place
