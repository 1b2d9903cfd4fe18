with indicators as (select * from {{ ref("indicators") }}),
valued as (select * from {{ ref("int_indicators__valued") }}),
subtracted as (select * from {{ ref("int_indicators__subtracted") }}),
straddled as (select * from {{ ref("int_indicators__straddled") }}),

figures as (
    select * from valued
    union all by name
    select * from subtracted
)

select
    figures.indicator_code,
    figures.area_code,
    figures.area_name,
    figures.area_level,
    figures.period_type,
    figures.period_start,
    figures.period_end,
    figures.period_label,
    figures.numerator,
    cast(figures.denominator_value as double) as denominator,
    round(figures.value, 10) as value,
    indicators.unit,
    round(figures.lower_limit, 6) as lower_95,
    round(figures.upper_limit, 6) as upper_95,
    case when figures.lower_limit is not null then figures.interval_method end as interval_method,
    cast(figures.base_count as bigint) as base_count,
    round(figures.effective_base, 6) as effective_base,
    round(figures.base_count / nullif(figures.effective_base, 0), 6) as design_effect,
    figures.is_complete,
    case
        when figures.is_revised then 'revised'
        when figures.is_complete and figures.is_past_revision_window then 'final'
        else 'provisional'
    end as status,
    indicators.definition_status,
    figures.is_synthetic,
    figures.is_suppressed,
    figures.rounded_to,
    straddled.titles is null as comparable,
    straddled.series_start,
    straddled.series_end,
    case
        when figures.is_suppressed then {{ hidden_note() }}
        else nullif(
            concat_ws(
                '; ',
                case when not figures.is_complete then figures.completeness_note end,
                case
                    when indicators.formula_kind in ('rate', 'standardised_rate')
                        then coalesce(figures.vintage_note, 'no ' || indicators.denominator || ' for this area')
                end,
                case
                    when indicators.formula_kind = 'rolling_average_change' and figures.is_complete and figures.numerator is null
                        then 'needs four complete calendar years'
                    when indicators.formula_kind not in ('count', 'rate', 'sum') and figures.is_complete and figures.denominator_value = 0
                        then 'nothing to compare with: the denominator is 0'
                end,
                case indicators.sample_design
                    when 'volunteer_panel' then 'volunteers, not a probability sample: the interval is nominal'
                    when 'representative_sample' then 'sites chosen, not drawn at random: the interval is indicative'
                end,
                case when indicators.sample_design is not null and figures.base_count < 100 then 'fewer than 100 in the base' end,
                case
                    when figures.value < indicators.plausible_low or figures.value > indicators.plausible_high
                        then 'outside the plausible range, ' || indicators.plausible_low || ' to ' || indicators.plausible_high
                end,
                figures.measure_note,
                case when figures.base_count < indicators.minimum_base then 'fewer than ' || indicators.minimum_base || ' in the base' end,
                case
                    when coalesce(figures.value, figures.numerator) is not null
                        then 'counts to the nearest ' || figures.rounded_to || ', each by itself: they do not add up'
                end,
                case when figures.period_start < indicators.valid_from then 'the definition holds from ' || indicators.valid_from end,
                case when figures.period_end > indicators.valid_to then 'the definition held until ' || indicators.valid_to end,
                'not comparable with the year before: ' || straddled.titles
            ),
            ''
        )
    end as note
from figures
inner join indicators
    on figures.indicator_code = indicators.indicator_code
left join straddled
    on
        figures.indicator_code = straddled.indicator_code
        and figures.period_start = straddled.period_start
        and figures.period_end = straddled.period_end
order by figures.indicator_code, figures.area_code, figures.period_type, figures.period_start, figures.period_end
