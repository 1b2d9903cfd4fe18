-- What is counted for an area and placed in none of its parts: of each feed and area the largest count of the latest year.
select
    coalesce(feeds.feed_title, indicators.source_feed) as feed_title,
    figures.area_name,
    indicators.indicator_code,
    indicators.title,
    figures.period_label,
    figures.value,
    figures.is_suppressed,
    whole.value as whole_value
from indicator_values as figures
inner join areas on figures.area_code = areas.area_code
inner join indicators on figures.indicator_code = indicators.indicator_code
left join (select distinct feed, feed_title from agency_returns) as feeds
    on indicators.source_feed = feeds.feed
left join indicator_values as whole
    on
        areas.parent_code = whole.area_code
        and figures.indicator_code = whole.indicator_code
        and figures.period_type = whole.period_type
        and figures.period_label = whole.period_label
where
    areas.vintage = 'none' and figures.period_type = 'financial_year' and indicators.formula_kind = 'count'
    and (figures.value > 0 or figures.is_suppressed)
qualify row_number() over (
    partition by indicators.source_feed, figures.area_code
    order by figures.period_end desc, figures.value desc nulls last, whole.value desc nulls last, indicators.indicator_code
) = 1
order by feed_title, figures.area_name, figures.area_code
