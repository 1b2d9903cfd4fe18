{{ config(materialized="table") }}

with followed as (select * from {{ ref("int_targets__followed") }} where months_elapsed > 0),

years as (
    select
        value,
        previous_value
    from {{ ref("int_years__paired") }}
    where formula_kind = 'count' and not is_context and comparable
    union
    select
        value,
        previous_value
    from {{ ref("int_neighbourhoods__paired") }}
    where comparable
),

claims as (select * from {{ ref("int_claims__computed") }} where check_kind in ('decrease', 'increase', 'sustained_decrease')),
standing as (select * from {{ ref("int_indicators__as_at") }} where is_of_counts),

comparisons as (
    select
        actual_count,
        baseline_to_date_count as comparison_count,
        baseline_comparison_share as expected_share
    from followed
    union
    select
        actual_count,
        previous_to_date_count,
        previous_comparison_share
    from followed
    union
    -- Against the year before: two years of the same length.
    select
        value,
        previous_value,
        0.5
    from years
    where
        value >= 0
        and previous_value >= 0
        and value = floor(value)
        and previous_value = floor(previous_value)
    union
    select
        computed_value,
        reference_value,
        0.5
    from claims
    union
    select
        numerator,
        previous_numerator,
        expected_share
    from standing
),

-- Given their sum, the later of two Poisson counts is binomial; every way of splitting the sum is one outcome. All but
-- 6e-18 of them lie within 4.5 square roots of the sum of what is expected (Hoeffding's inequality), so no others are added up.
ranged as (
    select
        actual_count,
        comparison_count,
        expected_share,
        actual_count + comparison_count as total,
        (actual_count + comparison_count) * expected_share as expected_count,
        4.5 * sqrt(actual_count + comparison_count) as reach
    from comparisons
    where actual_count is not null and comparison_count is not null and expected_share is not null
),

outcomes as (
    select
        actual_count,
        comparison_count,
        expected_share,
        total,
        cast({{ each_number(
            "cast(greatest(0, floor(expected_count - reach)) as bigint)",
            "cast(least(total, ceil(expected_count + reach)) as bigint)",
        ) }} as double) as outcome
    from ranged
),

probabilities as (
    select
        actual_count,
        comparison_count,
        expected_share,
        {{ log_binomial("outcome", "total", "expected_share") }} as log_probability,
        {{ log_binomial("actual_count", "total", "expected_share") }} as observed_log_probability
    from outcomes
)

-- Two-sided: the outcomes no likelier than the observed one, with scipy's allowance for rounding.
select
    actual_count,
    comparison_count,
    expected_share,
    least(
        round(
            sum(case when log_probability <= observed_log_probability + 1e-7 then exp(log_probability) else 0 end), 10
        ),
        1
    ) as p_value
from probabilities
group by actual_count, comparison_count, expected_share
