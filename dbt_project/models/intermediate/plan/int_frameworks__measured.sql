with plans as (select * from {{ ref("plans") }}),
plan_frameworks as (select * from {{ ref("plan_frameworks") }}),
framework_indicators as (select * from {{ ref("framework_indicators") }}),
strands as (select * from {{ ref("plan_framework_strands") }}),
catalogue as (select * from {{ ref("indicator_catalogue") }}),
areas as (select * from {{ ref("int_plans__areas") }}),
-- Where nothing at all was delivered of the plan's area it is not among those.
districts as (select * from {{ ref("stg_reference__districts") }}),
latest as (select * from {{ ref("int_plans__latest") }}),

listed as (
    select
        plan_frameworks.plan_id,
        plans.area_code as plan_area_code,
        framework_indicators.framework,
        framework_indicators.framework_code,
        framework_indicators.indicator_code,
        framework_indicators.domain_number,
        framework_indicators.domain,
        framework_indicators.construct,
        strands.strand_number as plan_strand_number,
        strands.published_text as plan_strand,
        strands.plan_line as strand_line,
        framework_indicators.peer_indicator_code,
        framework_indicators.mapping_confidence,
        framework_indicators.source,
        framework_indicators.note as framework_note,
        catalogue.title,
        catalogue.unit,
        catalogue.polarity,
        catalogue.polarity_contested,
        catalogue.definition_status,
        catalogue.availability_reason
    from plan_frameworks
    inner join plans
        on plan_frameworks.plan_id = plans.plan_id
    inner join framework_indicators
        on plan_frameworks.framework = framework_indicators.framework
    left join strands
        on
            plan_frameworks.plan_id = strands.plan_id
            and plan_frameworks.framework = strands.framework
            and {{ list_holds("strands.domain_numbers", "cast(framework_indicators.domain_number as string)") }}
    left join catalogue
        on framework_indicators.indicator_code = catalogue.indicator_code
),

-- The plan's own area has a row in any case: that it has no figure is worth a row.
placed as (
    select
        listed.*,
        listed.plan_area_code as area_code
    from listed
    union all
    select
        listed.*,
        latest.area_code
    from listed
    inner join latest
        on
            listed.plan_id = latest.plan_id
            and listed.indicator_code = latest.indicator_code
    where not latest.is_plan_area
)

select
    placed.plan_id,
    placed.framework,
    placed.framework_code,
    placed.indicator_code,
    coalesce(placed.title, placed.construct) as title,
    placed.domain_number,
    placed.domain,
    placed.construct,
    placed.plan_strand_number,
    placed.plan_strand,
    placed.strand_line,
    placed.peer_indicator_code,
    placed.mapping_confidence,
    placed.area_code,
    coalesce(areas.area_name, districts.district_name, placed.area_code) as area_name,
    coalesce(areas.area_level, case when districts.district_code is null then 'county' else 'district' end) as area_level,
    coalesce(areas.is_context, false) as is_context,
    latest.period_label,
    latest.period_start,
    latest.period_end,
    latest.value,
    latest.lower_95,
    latest.upper_95,
    coalesce(latest.unit, placed.unit) as unit,
    coalesce(placed.polarity, 'neutral') as polarity,
    coalesce(placed.polarity_contested, true) as polarity_contested,
    latest.status,
    coalesce(placed.definition_status, 'unverified') as definition_status,
    coalesce(latest.is_synthetic, false) as is_synthetic,
    coalesce(latest.is_suppressed, false) as is_suppressed,
    coalesce(latest.comparable, true) as comparable,
    case
        when latest.value is not null then 'figure'
        when latest.is_suppressed then 'suppressed'
        else 'no_figure'
    end as figure_status,
    nullif(
        concat_ws(
            '; ',
            latest.note,
            case
                when latest.indicator_code is null
                    then coalesce(placed.availability_reason, 'no complete year of it was delivered for this area')
            end,
            placed.framework_note
        ),
        ''
    ) as note
from placed
left join districts
    on placed.area_code = districts.district_code
left join areas
    on
        placed.plan_id = areas.plan_id
        and placed.area_code = areas.area_code
left join latest
    on
        placed.plan_id = latest.plan_id
        and placed.indicator_code = latest.indicator_code
        and placed.area_code = latest.area_code
