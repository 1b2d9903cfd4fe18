with source as (
    select
        *,
        -- A return of fires (FDR1, FDR3) names no category: it holds nothing else.
        coalesce(lower(incident_category), 'fire') as incident_kind,
        coalesce(number_of_fires, 1) as fires,
        -- Nobody knows more of a blank cause than of one not known.
        replace(lower(coalesce(motive, 'not known')), '–', '-') as cause,
        -- A fire in which people were hurt or rescued is primary whatever the box says.
        coalesce(fatalities, 0) + coalesce(casualties, 0) + coalesce(rescues, 0) > 0 as has_people,
        'frs:' || upper(district) as area_key
    from {{ source("raw", "fire__incidents") }}
),

incidents as (
    select
        *,
        case
            when incident_kind <> 'fire' then incident_kind
            when lower(stop_code) in ('primary fire', 'secondary fire') then replace(lower(stop_code), ' fire', ' cause not told')
            when stop_code is not null then replace(lower(stop_code), ' fire', '')
            when is_chimney and not has_people then 'chimney'
            else case when is_primary or has_people then 'primary ' else 'secondary ' end || cause
        end as category,
        case when stop_code is not null then 'neither_causes_nor_people' else '' end as tags,
        fires as counts_for,
        incident_number as record_key
    from source
),

people as (
    {% for name in ["fatalities", "casualties"] %}
        select
            *,
            'primary fire {{ name }}' as category,
            '' as tags,
            {{ name }} as counts_for,
            incident_number || ' {{ name }}' as record_key
        from source
        where incident_kind = 'fire' and {{ name }} > 0
        {{ "union all" if not loop.last }}
    {% endfor %}
),

counted as (
    select * from incidents
    union all
    select * from people
)

select
    'fire/incidents' as feed,
    file_sha256,
    row_number,
    record_key,
    -- Totals carry no date: they are of the delivered month.
    {{ month_of("incident_date") }} as month,
    category,
    tags,
    cast(counts_for as double) as counts_for,
    {{ row_places(area_key="area_key") }}
from counted
