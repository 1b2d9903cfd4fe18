-- The wards of an area in one period, for the map; the rows that no ward is known of are no place on it.
with shown as (
    select
        unnest(cast($indicators as varchar [])) as indicator_code,
        unnest(cast($areas as varchar [])) as area_code,
        unnest(cast($period_types as varchar [])) as period_type,
        unnest(cast($period_labels as varchar [])) as period_label
)

select figures.*
from indicator_values as figures
inner join shown
    on
        figures.indicator_code = shown.indicator_code
        and figures.period_type = shown.period_type
        and figures.period_label = shown.period_label
inner join areas on figures.area_code = areas.area_code and shown.area_code = areas.parent_code
where figures.area_level = 'ward' and areas.vintage <> 'none'
order by figures.indicator_code, figures.area_name, figures.area_code
