with computed as (select * from {{ ref("int_indicators__computed") }}),
disclosed as (select * from {{ ref("int_indicators__hidden") }}),

judged as (
    select
        computed.*,
        disclosed.reason as hidden_because,
        disclosed.indicator_code is not null as is_suppressed
    from computed
    left join disclosed
        on
            computed.indicator_code = disclosed.indicator_code
            and computed.area_code = disclosed.area_code
            and computed.period_type = disclosed.period_type
            and computed.period_label = disclosed.period_label
)

select
    indicator_code,
    area_code,
    area_name,
    area_level,
    period_type,
    period_start,
    period_end,
    period_label,
    {% for figure in ["numerator", "denominator", "value"] %}
        case when not is_suppressed then {{ figure }} end as {{ figure }},
    {% endfor %}
    unit,
    {% for figure in [
        "lower_95", "upper_95", "interval_method", "base_count", "effective_base", "design_effect"
    ] %}
        case when not is_suppressed then {{ figure }} end as {{ figure }},
    {% endfor %}
    is_complete,
    status,
    definition_status,
    is_synthetic,
    is_suppressed,
    comparable,
    -- What a note says of a figure could tell of a hidden one.
    case when is_suppressed then 'suppressed: ' || hidden_because else note end as note
from judged
order by indicator_code, area_code, period_type, period_start, period_end
