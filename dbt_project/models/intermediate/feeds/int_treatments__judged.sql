{#
Clients of twelve months: modalities with short gaps between them are one journey, and a client is in effective treatment with a journey
that was long enough by the end of the twelve months, or that ended earlier as planned and free of dependency.
#}
with modalities as (select * from {{ ref("stg_pct__drug_treatment") }}),
rules as (select * from {{ ref("treatment_rules") }}),
problem_substances as (select * from {{ ref("problem_substances") }} where substance_group in ('opiate', 'crack')),
discharge_reasons as (select * from {{ ref("discharge_reasons") }}),
home_districts as (select * from {{ ref("int_home_areas__districts") }}),
area_keys as (select * from {{ ref("int_areas__keyed") }}),

home_files as (
    select
        file_sha256,
        max(home_area_code) as home_area_code,
        max(period_end) as period_end
    from {{ ref("int_deliveries__ranked") }}
    where feed = 'pct/drug_treatment' and is_taken_in
    group by file_sha256
),

judged as (
    select
        modalities.file_sha256,
        modalities.row_number,
        modalities.client_id,
        modalities.modality_start,
        modalities.modality_end,
        home_files.period_end,
        area_keys.district_code,
        home_districts.district_code is not null as lives_here,
        coalesce(discharge_reasons.is_effective_exit, false) as is_effective_exit,
        {% for number in [1, 2, 3] %}
            coalesce(modalities.substance_{{ number }} in (select problem_substances.substance_code from problem_substances), false)
            {{ "or" if not loop.last }}
        {% endfor %} as is_opiate_or_crack
    from modalities
    inner join home_files
        on modalities.file_sha256 = home_files.file_sha256
    left join area_keys
        on modalities.area_key = area_keys.area_key
    left join home_districts
        on
            home_files.home_area_code = home_districts.home_area_code
            and area_keys.district_code = home_districts.district_code
    left join discharge_reasons
        on modalities.discharge_reason = discharge_reasons.discharge_reason
),

in_order as (
    select
        *,
        max(coalesce(modality_end, period_end)) over (
            partition by file_sha256, client_id
            order by modality_start, row_number
            rows between unbounded preceding and 1 preceding
        ) as treated_until
    from judged
    where modality_start is not null
),

numbered as (
    select
        in_order.*,
        sum(
            case
                when in_order.treated_until is null then 1
                when {{ days_between("in_order.treated_until", "in_order.modality_start") }} > rules.stitched_gap_days then 1
                else 0
            end
        ) over (
            partition by in_order.file_sha256, in_order.client_id
            order by in_order.modality_start, in_order.row_number
            rows between unbounded preceding and current row
        ) as journey_number,
        rules.effective_days
    from in_order
    cross join rules
),

journeys as (
    select
        file_sha256,
        client_id,
        journey_number,
        {{ days_between("min(modality_start)", "max(coalesce(modality_end, period_end))") }} >= max(effective_days)
        -- The last modality of a journey that has ended tells how the client left.
        or (
            count(*) = count(modality_end)
            and bool_or(is_effective_exit and modality_end = last_end)
        ) as is_effective
    from (
        select
            *,
            max(modality_end) over (partition by file_sha256, client_id, journey_number) as last_end
        from numbered
    ) as journey_parts
    group by file_sha256, client_id, journey_number
),

clients as (
    select
        judged.file_sha256,
        judged.client_id,
        min(judged.row_number) as first_row_number,
        bool_or(judged.is_opiate_or_crack) as is_opiate_or_crack,
        bool_or(judged.lives_here) as lives_here,
        bool_or(judged.district_code is not null) as residence_is_known,
        bool_or(judged.modality_start is not null) as has_started,
        min(case when judged.lives_here then judged.district_code end) as district_code
    from judged
    group by judged.file_sha256, judged.client_id
),

effective_clients as (
    select distinct
        file_sha256,
        client_id
    from journeys
    where is_effective
)

select
    'pct/drug_treatment' as feed,
    judged.file_sha256,
    judged.row_number,
    cast(null as string) as record_key,
    cast(null as date) as month,
    case when effective_clients.client_id is not null then 'effective treatment' else 'treatment not yet effective' end as category,
    concat_ws(
        ';',
        case when judged.row_number <> clients.first_row_number then 'counted already' end,
        case when clients.residence_is_known and not clients.lives_here then 'lives elsewhere' end,
        case when not clients.has_started then 'never started' end,
        case when clients.is_opiate_or_crack then 'opiate or crack' end,
        case when not clients.residence_is_known then 'residence unknown' end
    ) as tags,
    cast(1 as double) as counts_for,
    {{ row_places(area_key="'ons:' || clients.district_code") }}
from judged
inner join clients
    on
        judged.file_sha256 = clients.file_sha256
        and judged.client_id = clients.client_id
left join effective_clients
    on
        judged.file_sha256 = effective_clients.file_sha256
        and judged.client_id = effective_clients.client_id
