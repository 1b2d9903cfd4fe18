with cells as (select * from {{ ref("int_people__counted") }}),

restatements as (
    select
        restated.feed,
        restated.measure_code,
        restated.area_code,
        restated.month,
        restated.value - restated.previous_value as change,
        restated.change_number
    from {{ ref("int_measures__restated") }} as restated
    where restated.measure_code in (select cells.measure_code from cells)
)

select
    cells.measure_code,
    cells.area_code,
    cells.period_type,
    cells.period_label,
    restatements.change_number,
    round(sum(restatements.change), 9) as change
from cells
inner join restatements
    on
        cells.feed = restatements.feed
        and cells.measure_code = restatements.measure_code
        and cells.area_code = restatements.area_code
        and restatements.month between cells.period_start and cells.period_end
group by cells.measure_code, cells.area_code, cells.period_type, cells.period_label, restatements.change_number
