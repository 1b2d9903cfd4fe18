with standing as (select * from {{ ref("int_indicators__as_at") }}),
indicators as (select * from {{ ref("indicators") }}),
changes as (select * from {{ ref("int_changes__tested") }}),
known_areas as (select * from {{ ref("int_areas__known") }}),
run_inputs as (select * from {{ ref("stg_run__inputs") }}),
plan_areas as (select distinct area_code from {{ ref("plans") }}),

latest_charted as (
    select
        standing.indicator_code,
        standing.area_code,
        control_charts.period_label,
        control_charts.control_state,
        control_charts.signals,
        row_number() over (
            partition by standing.indicator_code, standing.area_code order by control_charts.period_start desc
        ) as recency
    from standing
    inner join {{ ref("control_charts") }} as control_charts
        on
            standing.indicator_code = control_charts.indicator_code
            and standing.area_code = control_charts.area_code
            and standing.period_end >= control_charts.period_end
),

-- Two counts by the exact test of targets, all else that has limits by the limits of both figures.
tested as (
    select
        standing.*,
        round(standing.value - standing.previous_value, 10) as change,
        case when standing.is_of_counts then changes.p_value end as p_value,
        {% for side, limits in [
            ("lower", newcombe_lower("value", "lower_95", "previous_value", "previous_upper_95")),
            ("upper", newcombe_upper("value", "upper_95", "previous_value", "previous_lower_95")),
        ] %}
            case
                when standing.is_comparable and standing.formula_kind not in ('count', 'sum', 'rate')
                    then round({{ limits }}, 6)
            end as change_{{ side }}_95{% if not loop.last %},{% endif %}
        {% endfor %}
    from standing
    left join changes
        on
            standing.is_of_counts
            and standing.numerator = changes.actual_count
            and standing.previous_numerator = changes.comparison_count
            and standing.expected_share = changes.expected_share
),

judged as (
    select
        *,
        case
            when p_value is not null then 'exact_binomial'
            when change_lower_95 is not null then 'newcombe'
        end as significance_method,
        coalesce(p_value < 0.05, change_lower_95 > 0 or change_upper_95 < 0) as is_significant
    from tested
),

-- The plans' own areas have a row in any case: that there is no figure of them is worth a row.
listed as (
    select
        indicator_code,
        area_code
    from judged
    union
    select
        indicators.indicator_code,
        plan_areas.area_code
    from indicators
    cross join plan_areas
),

described as (
    select
        run_inputs.as_at,
        indicators.indicator_code,
        indicators.title as indicator_title,
        indicators.main_indicator_code,
        indicators.frequency,
        indicators.polarity,
        indicators.polarity_contested,
        listed.area_code,
        coalesce(judged.area_name, known_areas.area_name) as area_name,
        coalesce(judged.area_level, known_areas.area_level) as area_level,
        judged.* exclude (
            as_at, indicator_code, area_code, area_name, area_level, unit, definition_status, formula_kind, sample_design
        ),
        coalesce(judged.unit, indicators.unit) as unit,
        indicators.definition_status,
        indicators.formula_kind,
        indicators.sample_design,
        case
            when judged.value is not null then null
            when judged.indicator_code is not null then coalesce(judged.note, 'no figure can be computed of what was delivered')
            when indicators.availability = 'no data' then 'nothing that it is computed from was delivered by the as-at date'
            when indicators.availability <> 'data' then indicators.availability_reason
            when not {{ list_holds("indicators.allowed_area_levels", "known_areas.area_level") }}
                then 'not published for such an area, only for: ' || replace(indicators.allowed_area_levels, ';', ', ')
            else 'no period of it that has ended was delivered for this area'
        end as why_no_figure
    from listed
    inner join indicators
        on listed.indicator_code = indicators.indicator_code
    left join judged
        on
            listed.indicator_code = judged.indicator_code
            and listed.area_code = judged.area_code
    left join known_areas
        on listed.area_code = known_areas.area_code
    cross join run_inputs
)

select
    described.as_at,
    described.indicator_code,
    described.indicator_title,
    described.main_indicator_code,
    described.area_code,
    described.area_name,
    described.area_level,
    described.frequency,
    described.period_type,
    described.period_start,
    described.period_end,
    described.period_label,
    cast(
        12 * (year(described.as_at) - year(described.period_end)) + month(described.as_at) - month(described.period_end)
        - case when described.as_at < last_day(described.as_at) then 1 else 0 end as integer
    ) as months_since,
    described.value,
    described.numerator,
    described.denominator,
    described.unit,
    described.lower_95,
    described.upper_95,
    described.previous_period_start,
    described.previous_period_end,
    described.previous_period_label,
    described.previous_value,
    described.previous_numerator,
    described.previous_denominator,
    described.previous_lower_95,
    described.previous_upper_95,
    described.change,
    -- The change of a percentage is in points.
    case
        when
            described.formula_kind in ('count', 'sum', 'rate', 'standardised_rate', 'ratio', 'mean_score')
            and described.previous_value > 0
            then round(100 * described.change / described.previous_value, 6)
    end as change_percent,
    described.change_lower_95,
    described.change_upper_95,
    described.p_value,
    described.significance_method,
    described.is_significant,
    described.polarity,
    described.polarity_contested,
    case
        when described.is_significant is null then null
        when not described.is_significant or described.change = 0 then 'no clear change'
        when described.polarity_contested or described.polarity not in ('lower_is_better', 'higher_is_better') then 'changed'
        when (described.change > 0) = (described.polarity = 'higher_is_better') then 'improving'
        else 'worsening'
    end as direction,
    latest_charted.period_label as control_period_label,
    latest_charted.control_state,
    latest_charted.signals as control_reason,
    coalesce(described.is_complete, false) as is_complete,
    described.status,
    described.definition_status,
    coalesce(described.is_synthetic, false) or coalesce(described.previous_is_synthetic, false) as is_synthetic,
    coalesce(described.is_suppressed, false) as is_suppressed,
    coalesce(described.previous_is_suppressed, false) as previous_is_suppressed,
    described.rounded_to,
    coalesce(described.is_comparable, true) as comparable,
    nullif(
        concat_ws(
            ', ',
            case when described.status = 'provisional' then 'provisional' end,
            case when not described.is_complete then 'incomplete' end,
            case when described.is_suppressed then 'suppressed' end,
            case when described.definition_status <> 'verified' then described.definition_status end,
            case when described.is_synthetic or described.previous_is_synthetic then 'synthetic' end,
            case when not described.is_comparable then 'series break' end
        ),
        ''
    ) as flags,
    described.why_no_figure,
    case
        when described.value is null or described.is_significant is not null then null
        when described.previous_period_label is null
            then case when described.sample_design is null then 'nothing of the year before' else 'no earlier wave' end
        when described.previous_value is null
            then 'no figure of ' || described.previous_period_label || coalesce(': ' || described.previous_note, '')
        when not described.is_comparable
            then 'not comparable: ' || coalesce(described.breaks_between, 'a series break lies within one of the periods')
        else 'no test for a figure of this kind'
    end as why_no_comparison,
    described.note
from described
left join latest_charted
    on
        described.indicator_code = latest_charted.indicator_code
        and described.area_code = latest_charted.area_code
        and latest_charted.recency = 1
order by described.indicator_code, described.area_code
