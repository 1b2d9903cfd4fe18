with indicators as (select * from {{ ref("indicators") }}),
sums as (select * from {{ ref("indicator_sums") }}),
gaps as (select * from {{ ref("indicator_gaps") }}),
events as (select * from {{ ref("series_break_events") }}),
broken_measures as (select * from {{ ref("series_break_measures") }}),

-- A sum and a gap break where one of their parts does.
parts as (
    select
        indicator_code,
        indicator_code as part_indicator
    from indicators
    union all
    select
        indicator_code,
        part_indicator
    from sums
    union all
    select
        indicator_code,
        minuend_indicator
    from gaps
    union all
    select
        indicator_code,
        subtrahend_indicator
    from gaps
)

select distinct
    parts.indicator_code,
    broken_measures.measure_code,
    events.break_code,
    events.break_date,
    events.kind,
    events.title,
    events.effect,
    events.definition_status,
    events.source
from parts
inner join indicators
    on parts.part_indicator = indicators.indicator_code
inner join broken_measures
    on broken_measures.measure_code in (indicators.numerator_measure, indicators.denominator_measure)
inner join events
    on broken_measures.break_code = events.break_code
