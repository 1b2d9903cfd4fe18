-- The aims of a plan (of one priority where $priority names it), and what measures each.
select
    aim_number,
    published_text,
    plan_line,
    measurement,
    concat_ws(', ', measured_by, measured_in_part_by) as indicator_codes,
    why_not_measured,
    would_measure
from aims
where plan_id = $plan and ($priority is null or priority_code = $priority)
order by series, priority_number, try_cast(aim_number as integer), aim_number
