with source as (

    select
        *,
        -- A return of fires (FDR1, FDR3) names no category: it holds nothing else.
        coalesce(lower(incident_category), 'fire') as incident_kind,
        coalesce(number_of_fires, 1) as fires,
        'frs:' || upper(district) as area_key
    from {{ source("raw", "fire__incidents") }}

),

incidents as (

    select
        *,
        case
            when incident_kind <> 'fire' then incident_kind
            when is_chimney then 'chimney'
            else
                case when is_primary then 'primary' else 'secondary' end
                -- Unknown cause counts with accidental.
                || case when lower(motive) like 'deliberate%' then ' deliberate' else ' not deliberate' end
        end as category,
        fires as quantity,
        incident_number as record_key
    from source

),

people as (

    {% for name in ["fatalities", "casualties"] %}
        select
            *,
            'primary fire {{ name }}' as category,
            {{ name }} as quantity,
            incident_number || ' {{ name }}' as record_key
        from source
        where incident_kind = 'fire' and is_primary and {{ name }} > 0
        {% if not loop.last %}
            union all
        {% endif %}
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
    cast(date_trunc('month', incident_date) as date) as month,
    category,
    '' as tags,
    cast(quantity as double) as quantity,
    cast(null as string) as lsoa_code,
    cast(null as string) as ward_code,
    cast(null as string) as beat_code,
    cast(null as string) as locality,
    area_key
from counted
