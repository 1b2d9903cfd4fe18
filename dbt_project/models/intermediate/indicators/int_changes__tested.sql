{{ config(materialized="table") }}

with followed as (select * from {{ ref("int_targets__followed") }} where months_elapsed > 0),
years as (select * from {{ ref("int_years__paired") }} where formula_kind = 'count' and not is_context and comparable),
claims as (select * from {{ ref("int_claims__computed") }} where check_kind = 'decrease'),

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
),

-- Given their sum, the later of two Poisson counts is binomial; every way of splitting the sum is one outcome.
outcomes as (
    select
        actual_count,
        comparison_count,
        expected_share,
        actual_count + comparison_count as total,
        cast({{ each_number(0, "cast(actual_count + comparison_count as bigint)") }} as double) as outcome
    from comparisons
    where actual_count is not null and comparison_count is not null and expected_share is not null
),

probabilities as (
    select
        actual_count,
        comparison_count,
        expected_share,
        outcome,
        exp(
            {{ log_gamma("total + 1") }} - {{ log_gamma("outcome + 1") }} - {{ log_gamma("total - outcome + 1") }}
            + outcome * ln(expected_share) + (total - outcome) * ln(1 - expected_share)
        ) as probability
    from outcomes
),

compared as (
    select
        probabilities.*,
        max(case when outcome = actual_count then probability end) over (
            partition by actual_count, comparison_count, expected_share
        ) as observed_probability
    from probabilities
)

-- Two-sided: the outcomes no likelier than the observed one, with scipy's allowance for rounding.
select
    actual_count,
    comparison_count,
    expected_share,
    least(
        round(
            sum(case when probability <= observed_probability * (1 + 1e-7) then probability else 0 end), 10
        ),
        1
    ) as p_value
from compared
group by actual_count, comparison_count, expected_share
