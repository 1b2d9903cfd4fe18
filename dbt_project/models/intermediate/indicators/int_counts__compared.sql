{{ config(materialized="table") }}

with paired as (
    select * from {{ ref("int_years__paired") }}
    where
        formula_kind = 'count'
        and not is_context
        and comparable
        and value >= 0
        and previous_value >= 0
        and value = floor(value)
        and previous_value = floor(previous_value)
),

-- Against the year before: two years of the same length.
with_year_before as (
    select
        value as actual_count,
        previous_value as comparison_count,
        0.5 as expected_share
    from paired
),

claimed as (
    select
        computed_value as actual_count,
        reference_value as comparison_count,
        0.5 as expected_share
    from {{ ref("int_claims__figured") }}
    where check_kind = 'decrease' and computed_value is not null and reference_value is not null
)

select * from with_year_before
union
select * from claimed
