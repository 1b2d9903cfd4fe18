-- Nearest first: an incident of the same day, then of the day before, then of the day after; within each one of the same locality (0), then
-- one of the ward where the case names no locality (1), then where the incident alone names none (2).
{% set passes = [] %}
{% for days_later in [0, -1, 1] %}
    {% for place_rank in [0, 1, 2] %}
        {% do passes.append((days_later, place_rank)) %}
    {% endfor %}
{% endfor %}

with cases as (select * from {{ ref("stg_council__asb_cases") }}),
incidents as (select * from {{ ref("int_asb_incidents__dated") }}),
rules as (select * from {{ ref("asb_link_rules") }}),
types as (select * from {{ ref("asb_types") }} where source_feed = 'council/asb_cases'),
wards as (select * from {{ ref("ward_spellings") }}),

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

pairs as (
    select
        placed.file_sha256,
        placed.row_number,
        placed.case_reference,
        placed.pool,
        placed.type_group,
        placed.is_synthetic,
        placed.happened_on,
        incidents.incident_number,
        {{ days_between("placed.happened_on", "incidents.created_date") }} as days_later,
        case
            when placed.locality = incidents.locality then 0
            when placed.locality is null then 1
            else 2
        end as place_rank,
        case when placed.locality = incidents.locality then placed.locality else placed.ward_code end as place
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

-- Within a pass every free case of a day, kind and place fits every free incident of it: the first takes the first, the second the second.
{% for days_later, place_rank in passes %}
    {% set pass = loop.index %}
    ranked_{{ pass }} as (
        select
            pairs.*,
            dense_rank() over (
                partition by pairs.pool, pairs.type_group, pairs.is_synthetic, pairs.happened_on, pairs.place
                order by pairs.case_reference, pairs.file_sha256, pairs.row_number
            ) as place_of_case,
            dense_rank() over (
                partition by pairs.pool, pairs.type_group, pairs.is_synthetic, pairs.happened_on, pairs.place
                order by pairs.incident_number
            ) as place_of_incident
        from pairs
        {% if pass > 1 %}
            left join linked_{{ pass - 1 }} as cases_taken
                on
                    pairs.file_sha256 = cases_taken.file_sha256
                    and pairs.row_number = cases_taken.row_number
            left join linked_{{ pass - 1 }} as incidents_taken
                on
                    pairs.pool = incidents_taken.pool
                    and pairs.incident_number = incidents_taken.incident_number
        {% endif %}
        where
            pairs.days_later = {{ days_later }}
            and pairs.place_rank = {{ place_rank }}
            {% if pass > 1 %}
                and cases_taken.row_number is null
                and incidents_taken.incident_number is null
            {% endif %}
    ),

    linked_{{ pass }} as (
        {% if pass > 1 %}
            select * from linked_{{ pass - 1 }}
            union all
        {% endif %}
        select
            file_sha256,
            row_number,
            pool,
            incident_number
        from ranked_{{ pass }}
        where place_of_case = place_of_incident
    ){{ "," if not loop.last }}
{% endfor %}

select
    'council/asb_cases' as feed,
    placed.file_sha256,
    placed.row_number,
    placed.case_reference as record_key,
    case when not placed.is_counted_before then {{ month_of("placed.received_on") }} end as month,
    'case' as category,
    concat_ws(
        ';',
        case when placed.is_incident_date_unknown then 'incident_date_unknown' end,
        case when linked.file_sha256 is not null then 'linked' end,
        case when placed.is_counted_before then 'reopened' end,
        'type: ' || coalesce(placed.type_group, 'other')
    ) as tags,
    cast(1 as double) as counts_for,
    {{ row_places(ward_code="placed.ward_code", locality="placed.locality") }}
from placed
left join linked_{{ passes | length }} as linked
    on
        placed.file_sha256 = linked.file_sha256
        and placed.row_number = linked.row_number
