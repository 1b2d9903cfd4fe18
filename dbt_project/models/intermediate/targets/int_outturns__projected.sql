with followed as (select * from {{ ref("int_targets__followed") }}),

-- Nothing can be projected from months in which the profile years counted nothing.
known as (
    select
        target_id,
        months_elapsed,
        actual_count as actual,
        profile_to_date_count as profile_to_date,
        profile_count - profile_to_date_count as remaining,
        profile_count as profile
    from followed
    where
        months_elapsed between 1 and 11
        and actual_count is not null
        and profile_to_date_count > 0
        and profile_count is not null
),

-- The remaining counts r for which the 2 x 2 table (actual, r; profile to date, profile remaining) passes the chi-square
-- test of homogeneity at 5% lie between the two larger roots of a cubic in r; 3.8414... is the 95% point of chi-square.
cubics as (
    select
        known.*,
        power(profile_to_date, 2) as cube_term,
        3.841458820694124 * profile * (actual + profile_to_date) as allowance
    from known
),

normalised as (
    select
        target_id,
        months_elapsed,
        actual,
        actual * remaining / profile_to_date as projected,
        actual + profile - 2 * actual * remaining / profile_to_date - allowance / cube_term as b,
        (
            power(actual * remaining, 2)
            - 2 * actual * remaining * profile_to_date * (actual + profile)
            - allowance * (actual + remaining)
        ) / cube_term as c,
        (power(actual * remaining, 2) * (actual + profile) - allowance * actual * remaining) / cube_term as d
    from cubics
),

depressed as (
    select
        normalised.*,
        c - power(b, 2) / 3 as p,
        2 * power(b, 3) / 27 - b * c / 3 + d as q
    from normalised
),

-- Viete: three real roots; the guard keeps rounding from leaving the domain of acos.
angled as (
    select
        depressed.*,
        2 * sqrt(greatest(-p / 3, 0)) as radius,
        case
            when p < 0 then acos(greatest(-1, least(1, 3 * q / (2 * p) * sqrt(-3 / p)))) / 3
            else 0
        end as angle
    from depressed
)

select
    target_id,
    months_elapsed,
    actual + projected as outturn,
    actual + greatest(0, ceil(round(radius * cos(angle - 2 * pi() / 3) - b / 3, 6))) as lower_95,
    actual + greatest(0, floor(round(radius * cos(angle) - b / 3, 6))) as upper_95
from angled
