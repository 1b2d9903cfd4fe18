{% set period = period_in_words("period_start", "period_end") -%}
{% set previous_period = period_in_words("previous_period_start", "previous_period_end") -%}
with indicators as (select * from {{ ref("indicators") }}),

wanted as (
    select
        plan_id,
        indicator_code
    from {{ ref("plan_indicator_links") }}
    union
    select
        plan_id,
        indicator_code
    from {{ ref("plan_framework_examples") }}
    where indicator_code is not null
),

-- The closest area with a figure, or else the plan's own area and why it has none.
ranked as (
    select
        wanted.plan_id,
        plan_areas.is_context,
        standing.*,
        {{ title_in_words("indicators.title") }}
        || case when plan_areas.is_context then ' (' || standing.area_name || ', a wider area)' else '' end as title,
        coalesce(indicators.decimals, 0) as decimals,
        indicators.formula_kind in ('count', 'sum') as is_count,
        indicators.formula_kind in ('percentage_difference', 'rolling_average_change') as is_change,
        row_number() over (
            partition by wanted.plan_id, wanted.indicator_code
            order by case when standing.value is null then 1 else 0 end, plan_areas.closeness, standing.area_code
        ) as preference
    from wanted
    inner join {{ ref("int_plans__areas") }} as plan_areas
        on wanted.plan_id = plan_areas.plan_id
    inner join {{ ref("indicators_as_at") }} as standing
        on
            wanted.indicator_code = standing.indicator_code
            and plan_areas.area_code = standing.area_code
    inner join indicators
        on wanted.indicator_code = indicators.indicator_code
)

select
    plan_id,
    indicator_code,
    area_code,
    is_context,
    concat_ws(
        '; ',
        case
            when value is null then title || ': no figure (' || rtrim(why_no_figure, '.') || ')'
            -- What is itself a change moves neither up nor down.
            when comparable and previous_value is not null and is_change
                then
                    title || ': ' || {{ figure_in_words("value", "decimals", "unit") }} || ' in ' || {{ period }}
                    || ', after ' || {{ number_text("previous_value", "decimals") }} || ' in ' || {{ previous_period }}
            when comparable and previous_value is not null
                then title || ' ' || {{ change_in_words(
                    "value", "previous_value", "change_percent", "is_count", "decimals", "unit", period, previous_period
                ) }}
            else title || ': ' || {{ figure_in_words("value", "decimals", "unit") }} || ' in ' || {{ period }}
        end,
        case when is_significant is not null then {{ noise_in_words("is_significant") }} end,
        case when direction in ('improving', 'worsening') then direction end,
        why_no_comparison
    ) as progress,
    flags,
    is_synthetic,
    is_suppressed,
    comparable,
    note
from ranked
where preference = 1
