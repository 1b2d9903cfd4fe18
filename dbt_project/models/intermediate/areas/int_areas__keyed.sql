{#
Keys by which extracts name an area: stats19:365, frs:BRISTOL, ons:E07000133, csp:melton. Codes decide; the name of a partnership
is taken only within its own list.
#}
with districts as (select * from {{ ref("stg_reference__districts") }}),
area_aliases as (select * from {{ ref("area_aliases") }}),
csps as (select * from {{ ref("stg_reference__partnerships") }})

select
    'ons:' || district_code as area_key,
    district_code,
    cast(null as string) as csp_code
from districts
union all
select
    'frs:' || district_code,
    district_code,
    cast(null as string)
from districts
union all
-- A district of today that the look-ups do not know, and one that was abolished before they were made.
{% for register in ["ons", "frs"] %}
    select distinct
        '{{ register }}:' || successor_code,
        successor_code,
        cast(null as string)
    from {{ ref("int_districts__merged") }}
    union all
    select
        '{{ register }}:' || changes.district_code,
        changes.successor_code,
        cast(null as string)
    from {{ ref("district_changes") }} as changes
    where
        changes.district_code not in (select known.district_code from districts as known)
        and changes.successor_code in (select known.district_code from districts as known)
    union all
{% endfor %}
select
    alias,
    area_code,
    cast(null as string)
from area_aliases
union all
select
    'csp:' || lower(csp_name),
    cast(null as string),
    csp_code
from csps
union all
select
    'csp:' || lower(csp_code),
    cast(null as string),
    csp_code
from csps
union all
select
    'csp:' || lower(csp_name),
    cast(null as string),
    csp_code
from {{ ref("partnership_names") }}
where lower(csp_name) not in (select lower(known.csp_name) from csps as known)
