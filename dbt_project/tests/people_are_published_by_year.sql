-- Detects: an indicator of people that would be published month by month, or for parts of an area quarter by quarter.
-- Usually means: the wrong frequency in the catalogue. Sums that overlap in time and in space give hidden counts back.
-- Rows: the indicators, with frequency, area levels and disclosure rule.

with protected as (
    select distinct
        catalogue.indicator_code,
        catalogue.frequency,
        catalogue.allowed_area_levels,
        catalogue.source_feed,
        measures.disclosure_rule
    from {{ ref("indicator_catalogue") }} as catalogue
    inner join {{ ref("measures") }} as measures
        on measures.measure_code in (catalogue.numerator_measure, catalogue.denominator_measure)
    inner join {{ ref("disclosure_rules") }} as rules
        on measures.disclosure_rule = rules.disclosure_rule
    where not rules.shows_months
),

-- A snapshot of twelve months is counted as one, so that its windows do not add up.
of_whole_periods as (
    select source_feed from {{ ref("feed_count_periods") }}
    where counted_by <> 'month'
)

select *
from protected
where
    not (
        frequency in ('financial_year', 'calendar_year')
        or (
            frequency = 'quarter_and_year'
            and allowed_area_levels not like '%district%'
            and allowed_area_levels not like '%;%'
        )
        or (frequency = 'annual' and source_feed in (select of_whole_periods.source_feed from of_whole_periods))
    )
