-- Detects: an area for which two suppliers of a feed delivered the same month.
-- Usually means: the whole force's extract and one partnership's were both dropped: their rows would count twice.
-- Rows: one per feed, month and area, with the home areas of the suppliers.
{{ config(meta={
    "dagster": {"ref": {"name": "int_months__delivered"}},
    "description": "No month of an area is covered by two suppliers of a feed, whose rows would count twice."
}) }}

select
    covered.feed,
    covered.area_code,
    months_delivered.month,
    {{ listed("covered.home_area_code") }} as home_area_codes
from {{ ref("int_areas__covered") }} as covered
inner join {{ ref("int_months__delivered") }} as months_delivered
    on
        covered.feed = months_delivered.feed
        and covered.home_area_code = months_delivered.home_area_code
where covered.area_level in ('district', 'csp')
group by covered.feed, covered.area_code, months_delivered.month
having count(distinct covered.home_area_code) > 1
