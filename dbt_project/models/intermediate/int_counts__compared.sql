{{ config(materialized="table") }}

with paired as (

    select * from {{ ref("int_years__paired") }}
    where
        formula_kind = 'count'
        and not is_context
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

-- Against the plan's area: the share of two years that the latter one has there.
with_borough as (

    select
        neighbourhoods.value as actual_count,
        neighbourhoods.previous_value as comparison_count,
        boroughs.value / (boroughs.value + boroughs.previous_value) as expected_share
    from paired as neighbourhoods
    inner join paired as boroughs
        on
            neighbourhoods.plan_id = boroughs.plan_id
            and neighbourhoods.indicator_code = boroughs.indicator_code
            and neighbourhoods.period_label = boroughs.period_label
    where
        neighbourhoods.is_neighbourhood
        and boroughs.is_plan_area
        and boroughs.value > 0
        and boroughs.previous_value > 0

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
select * from with_borough
union
select * from claimed
