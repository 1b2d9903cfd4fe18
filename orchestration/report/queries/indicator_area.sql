-- The area whose series the page of each indicator shows: the plan's own area, else the context in which a plan shows it, else
-- the area in which the plans show others: a new feed has months before it has a year.
with named as (
    select indicator_code, area_code, is_context from ni_indicators
    union all
    select indicator_code, area_code, is_context from apacs_indicators
    union all
    select indicator_code, area_code, is_context from plan_indicators
    union all
    select indicator_code, area_code, is_context from strategic_assessment
    union all
    select indicator_code, area_code, false from target_vs_baseline
    union all
    -- A partnership has a code of its own, and the name of the district that the targets are on.
    select compared.indicator_code, compared.area_code, compared.area_name not in (
        select areas.area_name from target_vs_baseline inner join areas on target_vs_baseline.area_code = areas.area_code
    )
    from (
        select indicator_code, area_code, area_name from peer_comparison
        union
        select indicator_code, area_code, area_name from funnel_limits
    ) as compared
),

shown as (
    select *, 1 as closeness from named
    union all
    select asked.indicator_code, named.area_code, false, 2
    from (select unnest(cast($indicators as varchar [])) as indicator_code) as asked
    cross join (select distinct area_code from named where not is_context) as named
)

select
    figures.indicator_code,
    figures.area_code,
    any_value(figures.area_name) as area_name,
    any_value(figures.area_level) as area_level,
    bool_and(shown.is_context) as is_context
from indicator_values as figures
inner join shown on figures.indicator_code = shown.indicator_code and figures.area_code = shown.area_code
where list_contains($indicators, figures.indicator_code)
group by figures.indicator_code, figures.area_code
qualify
    row_number() over (
        partition by figures.indicator_code
        order by
            min(shown.closeness),
            bool_and(shown.is_context),
            case any_value(figures.area_level) when 'district' then 1 when 'county' then 2 else 3 end,
            figures.area_code
    ) = 1
order by figures.indicator_code
