with comparisons as (select * from {{ ref("proxy_comparisons") }}),
indicator_values as (select * from {{ ref("indicator_values") }}),
districts as (select * from {{ ref("stg_reference__districts") }} where csp_code is not null),

members as (
    select
        csp_code,
        count(*) as districts
    from districts
    group by csp_code
),

listed as (
    select
        comparison_code,
        unnest(string_split(official_indicators, ';')) as indicator_code
    from comparisons
),

official as (
    select
        listed.comparison_code,
        indicator_values.area_code,
        indicator_values.area_name,
        indicator_values.period_type,
        indicator_values.period_start,
        indicator_values.period_end,
        indicator_values.period_label,
        indicator_values.is_synthetic,
        count(indicator_values.value) filter (where indicator_values.is_complete) as counts,
        sum(indicator_values.value) as official_count,
        bool_or(indicator_values.status = 'provisional') as is_provisional
    from listed
    inner join indicator_values
        on listed.indicator_code = indicator_values.indicator_code
    where indicator_values.area_level = 'csp'
    group by all
),

counts_listed as (
    select
        comparison_code,
        count(*) as counts
    from listed
    group by comparison_code
),

street as (
    select
        comparisons.comparison_code,
        districts.csp_code,
        indicator_values.period_type,
        indicator_values.period_start,
        indicator_values.period_end,
        indicator_values.is_synthetic,
        count(indicator_values.value) filter (where indicator_values.is_complete) as districts,
        sum(indicator_values.value) as proxy_count,
        bool_or(indicator_values.status = 'provisional') as is_provisional
    from comparisons
    inner join indicator_values
        on comparisons.proxy_indicator = indicator_values.indicator_code
    inner join districts
        on indicator_values.area_code = districts.district_code
    group by all
),

-- The official tables are of the nation; a partnership of which nobody delivered a street file is not compared.
covered as (
    select distinct
        comparison_code,
        csp_code,
        is_synthetic
    from street
),

side_by_side as (
    select
        comparisons.*,
        official.area_code,
        official.area_name,
        official.period_type,
        official.period_start,
        official.period_end,
        official.period_label,
        official.is_synthetic,
        official.is_provisional or coalesce(street.is_provisional, false) as is_provisional,
        case
            when official.counts < counts_listed.counts then 'the official count is not complete'
            when street.csp_code is null then 'no street-level figure of the period'
            when street.districts < members.districts then 'the street-level figure is not complete'
        end as not_compared_because,
        case when official.counts = counts_listed.counts then cast(official.official_count as bigint) end as official_count,
        case when street.districts = members.districts then cast(street.proxy_count as bigint) end as proxy_count
    from official
    inner join comparisons
        on official.comparison_code = comparisons.comparison_code
    inner join counts_listed
        on official.comparison_code = counts_listed.comparison_code
    inner join covered
        on
            official.comparison_code = covered.comparison_code
            and official.area_code = covered.csp_code
            and official.is_synthetic = covered.is_synthetic
    inner join members
        on official.area_code = members.csp_code
    left join street
        on
            official.comparison_code = street.comparison_code
            and official.area_code = street.csp_code
            and official.period_type = street.period_type
            and official.period_start = street.period_start
            and official.period_end = street.period_end
            and official.is_synthetic = street.is_synthetic
)

select
    comparison_code,
    comparison,
    area_code,
    area_name,
    period_type,
    period_start,
    period_end,
    period_label,
    proxy_indicator,
    official_indicators,
    proxy_count,
    official_count,
    proxy_count - official_count as difference,
    round(100.0 * (proxy_count - official_count) / nullif(official_count, 0), 1) as difference_pct,
    tolerance_pct,
    abs(proxy_count - official_count) <= abs(official_count) * tolerance_pct / 100.0 as is_within_tolerance,
    not_compared_because,
    known_causes,
    case when is_provisional then 'provisional' else 'final' end as status,
    definition_status,
    is_synthetic,
    source
from side_by_side
