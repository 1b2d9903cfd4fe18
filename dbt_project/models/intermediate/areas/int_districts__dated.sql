{#
From when until when a district has figures: until it is abolished, and then the one that goes on with it. One that the look-ups know under
its newer code alone has figures before too, and says so.
#}
with changes as (select * from {{ ref("district_changes") }}),
merged as (select * from {{ ref("int_districts__merged") }})

select
    merged.district_code,
    cast(null as date) as first_day,
    {{ add_days("merged.changed_on", -1) }} as last_day,
    cast(null as date) as begun_on,
    'abolished on ' || cast(merged.changed_on as string) || ': '
    || merged.successor_name || ' (' || merged.successor_code || ') goes on with it' as abolition_note
from merged
union all
select distinct
    changes.successor_code,
    case when merged.successor_code is not null then changes.changed_on end,
    cast(null as date),
    changes.changed_on,
    cast(null as string)
from changes
left join merged
    on changes.successor_code = merged.successor_code
where changes.successor_code not in (select parts.district_code from merged as parts)
