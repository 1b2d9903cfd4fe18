{{ config(materialized="table") }}

with computed as (select * from {{ ref("int_indicators__computed") }}),
hidden_measures as (select * from {{ ref("int_measures__hidden") }}),

withheld_levels as (
    select
        measures.measure_code,
        disclosure_rules.withheld_area_levels
    from {{ ref("measures") }} as measures
    inner join {{ ref("disclosure_rules") }} as disclosure_rules
        on measures.disclosure_rule = disclosure_rules.disclosure_rule
    where disclosure_rules.withheld_area_levels is not null
),

reasons as (
    {% for measure in ["numerator_measure", "denominator_measure"] %}
        select
            computed.indicator_code,
            computed.area_code,
            computed.period_type,
            computed.period_label,
            hidden_measures.reason
        from computed
        inner join hidden_measures
            on
                computed.{{ measure }} = hidden_measures.measure_code
                and computed.source_feed = hidden_measures.feed
                and computed.area_code = hidden_measures.area_code
                and computed.period_type = hidden_measures.period_type
                and computed.period_label = hidden_measures.period_label
        union all
        select
            computed.indicator_code,
            computed.area_code,
            computed.period_type,
            computed.period_label,
            'not shown for areas of this size'
        from computed
        inner join withheld_levels
            on
                computed.{{ measure }} = withheld_levels.measure_code
                and {{ list_holds("withheld_levels.withheld_area_levels", "computed.area_level") }}
        union all
    {% endfor %}
    select
        indicator_code,
        area_code,
        period_type,
        period_label,
        'fewer than ' || minimum_base || ' in the base'
    from computed
    where base_count < minimum_base
),

-- A gap or a sum gives a hidden figure back when the other ones are shown.
with_sums_and_gaps as (
    select * from reasons
    union all
    select
        gaps.indicator_code,
        reasons.area_code,
        reasons.period_type,
        reasons.period_label,
        reasons.reason
    from reasons
    inner join {{ ref("indicator_gaps") }} as gaps
        on reasons.indicator_code in (gaps.minuend_indicator, gaps.subtrahend_indicator)
    union all
    select
        sums.indicator_code,
        reasons.area_code,
        reasons.period_type,
        reasons.period_label,
        reasons.reason
    from reasons
    inner join {{ ref("indicator_sums") }} as sums
        on reasons.indicator_code = sums.part_indicator
)

select
    indicator_code,
    area_code,
    period_type,
    period_label,
    {{ listed("reason") }} as reason
from with_sums_and_gaps
group by indicator_code, area_code, period_type, period_label
