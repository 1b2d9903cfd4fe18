{#
Districts that the look-ups know and that have a successor which they do not know: the successor is made of them.
#}
with districts as (select * from {{ ref("stg_reference__districts") }}),
changes as (select * from {{ ref("district_changes") }})

select
    changes.district_code,
    changes.successor_code,
    changes.successor_name,
    changes.changed_on,
    districts.force_code
from changes
inner join districts
    on changes.district_code = districts.district_code
where changes.successor_code not in (select known.district_code from districts as known)
