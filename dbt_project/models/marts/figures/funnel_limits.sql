{#
Areas of a group around their pooled figure. Figures are put on a scale on which chance spreads all alike, whatever the figure:
the square root of a rate, the arcsine of the root of a proportion. There the variance of chance is 1 / (4 * denominator), and what
areas differ by beyond chance adds a variance of its own (Spiegelhalter 2005).
#}
with rules as (select * from {{ ref("funnel_rules") }}),

figures as (
    select
        groups.funnel_group_id,
        groups.title,
        groups.smallest_members,
        indicators.multiplier,
        indicator_values.*,
        indicator_values.interval_method = 'wilson' as is_proportion,
        bool_or(indicator_values.is_suppressed) over (
            partition by
                groups.funnel_group_id, indicator_values.indicator_code, indicator_values.area_level, indicator_values.period_start
        ) as any_hidden
    from {{ ref("int_funnels__grouped") }} as groups
    inner join {{ ref("indicator_values") }} as indicator_values
        on groups.area_code = indicator_values.area_code
    inner join {{ ref("indicators") }} as indicators
        on indicator_values.indicator_code = indicators.indicator_code
    inner join rules
        on indicator_values.period_type = rules.period_type
    where
        indicators.formula_kind in ('rate', 'percentage')
        and indicator_values.period_start >= coalesce(groups.compares_from, indicator_values.period_start)
),

-- A pooled figure without the hidden ones would be another, and rounded counts are no counts.
shown as (
    select
        *,
        count(*) over pooled as areas_with_value,
        sum(numerator) over pooled / sum(denominator) over pooled as pooled,
        bool_or(is_synthetic) over pooled as any_synthetic
    from figures
    where
        value is not null
        and is_complete
        and not any_hidden
        and rounded_to is null
        and numerator >= 0
        and denominator > 0
        and interval_method in ('byar', 'poisson_exact', 'wilson')
    window pooled as (partition by funnel_group_id, indicator_code, area_level, period_start)
),

scaled as (
    select
        shown.*,
        rules.inner_sigmas,
        rules.outer_sigmas,
        rules.winsorised_share,
        {% for place, part in {"figure_scaled": "shown.numerator / shown.denominator", "centre_scaled": "shown.pooled"}.items() %}
            case when shown.is_proportion then asin(least(sqrt({{ part }}), 1)) else sqrt({{ part }}) end as {{ place }},
        {% endfor %}
        4 * shown.denominator as weight
    from shown
    cross join rules
    where shown.areas_with_value >= greatest(rules.smallest_areas, shown.smallest_members) and shown.pooled > 0
),

scored as (
    select
        *,
        (figure_scaled - centre_scaled) * sqrt(weight) as plain_z_score
    from scaled
),

ordered as (
    select
        funnel_group_id,
        indicator_code,
        area_level,
        period_start,
        list_sort(list(plain_z_score)) as scores,
        (count(*) - 1) * any_value(winsorised_share) as places,
        sum(weight) - sum(power(weight, 2)) / sum(weight) as weight_of_differences
    from scored
    group by funnel_group_id, indicator_code, area_level, period_start
),

-- The most extreme scores are drawn in to such a quantile, so that an area far out does not hide itself by widening the limits.
ends as (
    select
        *,
        {{ quantile_of_sorted("scores", "places") }} as low_end,
        {{ quantile_of_sorted("scores", "places", from_end="-") }} as high_end
    from ordered
),

dispersed as (
    select
        scored.*,
        ends.weight_of_differences,
        avg(power(least(greatest(scored.plain_z_score, ends.low_end), ends.high_end), 2)) over (
            partition by scored.funnel_group_id, scored.indicator_code, scored.area_level, scored.period_start
        ) as dispersion
    from scored
    inner join ends
        on
            scored.funnel_group_id = ends.funnel_group_id
            and scored.indicator_code = ends.indicator_code
            and scored.area_level = ends.area_level
            and scored.period_start = ends.period_start
),

adjusted as (
    select
        *,
        greatest(areas_with_value * dispersion - (areas_with_value - 1), 0) / weight_of_differences as variance_between
    from dispersed
),

judged as (
    select
        *,
        sqrt(1 / weight + variance_between) as spread,
        (figure_scaled - centre_scaled) / sqrt(1 / weight + variance_between) as z_score
    from adjusted
)

select
    funnel_group_id,
    title as funnel_group_title,
    indicator_code,
    area_code,
    area_name,
    area_level,
    period_type,
    period_start,
    period_end,
    period_label,
    denominator,
    value,
    unit,
    cast(areas_with_value as integer) as areas_with_value,
    round(pooled * multiplier, 10) as centre_line,
    {% for sigmas, limit in {"inner_sigmas": "95", "outer_sigmas": "998"}.items() %}
        {% for side, sign in {"lower": "-", "upper": "+"}.items() %}
            {% set place = "centre_scaled " ~ sign ~ " " ~ sigmas ~ " * spread" %}
            round(multiplier * case
                when is_proportion then power(sin(least(greatest({{ place }}, 0), pi() / 2)), 2) else power(greatest({{ place }}, 0), 2)
            end, 10) as {{ side }}_{{ limit }},
        {% endfor %}
    {% endfor %}
    round(plain_z_score, 10) as plain_z_score,
    round(z_score, 10) as z_score,
    round(dispersion, 10) as dispersion,
    round(variance_between, 14) as variance_between,
    case when abs(z_score) <= inner_sigmas then 'inside' when z_score > 0 then 'above' else 'below' end
    || case when abs(z_score) > outer_sigmas then ' 99.8%' when abs(z_score) > inner_sigmas then ' 95%' else '' end as position,
    any_synthetic as is_synthetic,
    coalesce(series_start <= period_start, true) as comparable
from judged
order by funnel_group_id, indicator_code, area_code, period_start
