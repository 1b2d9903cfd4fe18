with catalogue as (select * from {{ ref("indicator_catalogue") }}),

-- A form of an indicator belongs where the indicator does.
memberships as (
    select
        indicator_code,
        replace({{ listed("framework") }}, ', ', ';') as frameworks
    from {{ ref("framework_indicators") }}
    group by indicator_code
),

delivered as (
    select
        feed,
        min(month) as first_month,
        max(month) as last_month
    from {{ ref("int_months__delivered") }}
    group by feed
)

select
    catalogue.indicator_code,
    catalogue.title,
    catalogue.plan_wording,
    catalogue.definition,
    catalogue.formula_kind,
    catalogue.numerator_measure,
    catalogue.denominator,
    catalogue.denominator_measure,
    catalogue.multiplier,
    catalogue.unit,
    catalogue.decimals,
    catalogue.polarity,
    catalogue.polarity_contested,
    catalogue.source_feed,
    catalogue.collector,
    catalogue.sample_design,
    catalogue.minimum_base,
    catalogue.plausible_low,
    catalogue.plausible_high,
    catalogue.allowed_area_levels,
    catalogue.frequency,
    coalesce(catalogue.main_indicator_code, catalogue.indicator_code) as main_indicator_code,
    memberships.frameworks,
    catalogue.proxy_for,
    catalogue.definition_version,
    catalogue.valid_from,
    catalogue.valid_to,
    catalogue.definition_status,
    catalogue.source,
    catalogue.defined_by,
    catalogue.replaces,
    case
        when catalogue.availability <> 'computed' then catalogue.availability
        when delivered.feed is null then 'no data'
        else 'data'
    end as availability,
    catalogue.availability_reason,
    case when catalogue.availability = 'computed' then delivered.first_month end as first_month,
    case when catalogue.availability = 'computed' then delivered.last_month end as last_month
from catalogue
left join delivered
    on catalogue.source_feed = delivered.feed
left join memberships
    on coalesce(catalogue.main_indicator_code, catalogue.indicator_code) = memberships.indicator_code
order by catalogue.indicator_code
