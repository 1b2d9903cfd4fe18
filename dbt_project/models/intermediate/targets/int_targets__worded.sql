{% set actual_period = period_in_words("first_day", "last_day") -%}
{% set baseline_period = period_in_words("baseline_first_day", "baseline_last_day") -%}
{% set one_decimal_more = "decimals + 1" -%}
with indicators as (select * from {{ ref("indicators") }}),
targets as (select * from {{ ref("targets") }}),

latest as (
    select
        *,
        row_number() over (partition by target_id order by months_elapsed desc) as recency
    from {{ ref("target_vs_baseline") }}
),

dated as (
    select
        latest.*,
        targets.plan_status,
        targets.target_type,
        indicators.unit,
        indicators.definition_status,
        coalesce(indicators.decimals, 0) as decimals,
        {{ title_in_words("indicators.title") }} as title,
        latest.basis = 'count' as is_count,
        latest.as_at as last_day,
        {{ add_months(month_of("latest.as_at"), "1 - latest.months_elapsed") }} as first_day,
        12 * (cast(left(latest.target_period, 4) as integer) - cast(left(latest.baseline_period, 4) as integer)) as months_between
    from latest
    inner join targets
        on latest.target_id = targets.target_id
    inner join indicators
        on latest.indicator_code = indicators.indicator_code
    where latest.recency = 1 and latest.outcome <> 'no_target'
),

compared as (
    select
        *,
        {{ add_months("first_day", "-months_between") }} as baseline_first_day,
        last_day({{ add_months(month_of("last_day"), "-months_between") }}) as baseline_last_day,
        case
            when outcome in ('met', 'not_met')
                then
                    'the target of ' || {{ number_text("target_value", one_decimal_more) }}
                    || case outcome when 'met' then ' was met' else ' was not met' end
            when rag in ('green', 'amber', 'red') and comparable
                then 'the course to the target has ' || {{ number_text("profiled_target_to_date", one_decimal_more) }} || ' by then'
        end as verdict
    from dated
)

select
    target_id,
    concat_ws(
        '; ',
        case
            when months_elapsed = 0 or actual_to_date is null then title || ': no figure yet'
            when not comparable
                then
                    title || ': ' || {{ figure_in_words("actual_to_date", "decimals", "unit") }} || ' in ' || {{ actual_period }}
                    || coalesce(', ' || {{ number_text("baseline_to_date", "decimals") }} || ' in ' || {{ baseline_period }}, '')
            else coalesce(
                title || ' ' || {{ change_in_words(
                    "actual_to_date", "baseline_to_date", "change_on_baseline_pct", "is_count", "decimals", "unit", actual_period, baseline_period
                ) }} || '; ' || {{ noise_in_words("change_is_significant") }},
                title || ': ' || {{ figure_in_words("actual_to_date", "decimals", "unit") }} || ' in ' || {{ actual_period }}
            )
        end,
        verdict,
        note
    ) as progress,
    nullif(
        concat_ws(
            ', ',
            case when status = 'provisional' then 'provisional' end,
            case when months_elapsed > 0 and not is_complete then 'incomplete' end,
            case when definition_status <> 'verified' then definition_status end,
            case when is_synthetic then 'synthetic' end,
            case when not comparable then 'series break' end
        ),
        ''
    ) as flags
from compared
