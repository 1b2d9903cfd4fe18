{% set rounds = 3 %}

with cases as (

    select * from {{ ref("stg_council__asb_cases") }}

),

incidents as (

    select * from {{ ref("int_asb_incidents__dated") }}

),

rules as (

    select * from {{ ref("asb_link_rules") }}

),

types as (

    select * from {{ ref("asb_types") }}
    where source_feed = 'council/asb_cases'

),

wards as (

    select * from {{ ref("ward_spellings") }}

),

files as (

    select
        file_sha256,
        max(home_area_code) as home_area_code,
        max(period_start) as period_start,
        bool_or(is_synthetic) as is_synthetic,
        bool_or(is_standing) and not bool_or(is_displaced) as is_heard
    from {{ ref("int_deliveries__ranked") }}
    where
        feed = 'council/asb_cases'
        and is_taken_in
    group by file_sha256

),

placed as (

    select
        cases.*,
        files.is_synthetic,
        cases.is_reopened and cases.received_on < files.period_start as is_counted_before,
        wards.ward_code,
        types.type_group,
        -- Cases of files that do not stand are linked as they were when they did, and take no incident from the others.
        case when files.is_heard then '' else cases.file_sha256 end as pool
    from cases
    inner join files
        on cases.file_sha256 = files.file_sha256
    left join wards
        on
            files.home_area_code = wards.district_code
            and cases.ward_typed = wards.spelling
    left join types
        on cases.category = types.category

),

pairs_1 as (

    select
        placed.file_sha256,
        placed.row_number,
        placed.case_reference,
        placed.pool,
        incidents.incident_number,
        abs({{ days_between("placed.happened_on", "incidents.created_date") }}) as days_apart,
        case when placed.locality = incidents.locality then 0 else 1 end as place_rank
    from placed
    cross join rules
    inner join incidents
        on
            placed.type_group = incidents.type_group
            and placed.is_synthetic = incidents.is_synthetic
            and abs({{ days_between("placed.happened_on", "incidents.created_date") }}) <= rules.maximum_days_apart
            and (
                placed.locality = incidents.locality
                -- Where one of the two names no locality, the ward has to do.
                or (
                    (placed.locality is null or incidents.locality is null)
                    and placed.ward_code = incidents.ward_code
                )
            )
    where not placed.is_counted_before

),

-- A case and an incident are linked when each is the other's nearest: nearest in days, then in place, then the first number. Then the same
-- among those that are left: of two complaints and two incidents of one day and place both choose the first at first.
{% for round in range(1, rounds + 1) %}
    ranked_{{ round }} as (

        select
            *,
            row_number() over (
                partition by file_sha256, row_number
                order by days_apart, place_rank, incident_number
            ) as place_for_case,
            row_number() over (
                partition by pool, incident_number
                order by days_apart, place_rank, case_reference, file_sha256, row_number
            ) as place_for_incident
        from pairs_{{ round }}

    ),

    linked_{{ round }} as (

        select
            file_sha256,
            row_number,
            pool,
            incident_number
        from ranked_{{ round }}
        where
            place_for_case = 1
            and place_for_incident = 1

    ),

    {% if not loop.last %}
        pairs_{{ round + 1 }} as (

            select pairs_{{ round }}.*
            from pairs_{{ round }}
            left join linked_{{ round }} as cases_taken
                on
                    pairs_{{ round }}.file_sha256 = cases_taken.file_sha256
                    and pairs_{{ round }}.row_number = cases_taken.row_number
            left join linked_{{ round }} as incidents_taken
                on
                    pairs_{{ round }}.pool = incidents_taken.pool
                    and pairs_{{ round }}.incident_number = incidents_taken.incident_number
            where
                cases_taken.row_number is null
                and incidents_taken.incident_number is null

        ),
    {% endif %}
{% endfor %}

linked as (

    {% for round in range(1, rounds + 1) %}
        select
            file_sha256,
            row_number
        from linked_{{ round }}
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

)

select
    'council/asb_cases' as feed,
    placed.file_sha256,
    placed.row_number,
    placed.case_reference as record_key,
    case when not placed.is_counted_before then cast(date_trunc('month', placed.received_on) as date) end as month,
    'case' as category,
    concat_ws(
        ';',
        case when placed.is_incident_date_unknown then 'incident_date_unknown' end,
        case when linked.file_sha256 is not null then 'linked' end,
        case when placed.is_counted_before then 'reopened' end,
        'type: ' || coalesce(placed.type_group, 'other')
    ) as tags,
    cast(1 as double) as quantity,
    cast(null as string) as lsoa_code,
    placed.ward_code,
    cast(null as string) as beat_code,
    placed.locality,
    cast(null as string) as area_key
from placed
left join linked
    on
        placed.file_sha256 = linked.file_sha256
        and placed.row_number = linked.row_number
