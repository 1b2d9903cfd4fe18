with figures as (select * from {{ ref("indicator_values") }} where value is not null),
breaks as (select * from {{ ref("int_indicators__broken") }}),

claims as (
    select
        *,
        coalesce(reference_indicator_code, indicator_code) as compared_indicator_code,
        coalesce(reference_area_code, area_code) as compared_area_code,
        coalesce(reference_period_label, period_label) as compared_period_label
    from {{ ref("plan_claims") }}
),

months as (
    select
        claims.claim_id,
        min(figures.value) as lowest,
        max(figures.value) as highest,
        count(*) as month_count,
        bool_or(figures.is_synthetic) as is_synthetic
    from claims
    inner join figures
        on
            claims.indicator_code = figures.indicator_code
            and claims.area_code = figures.area_code
            and figures.period_type = 'month'
            and figures.period_start >= {{ financial_year_of_label("claims.period_label") }}
            and {{ add_months(financial_year_of_label("claims.period_label"), 12) }} > figures.period_start
    where claims.check_kind = 'monthly_range'
    group by claims.claim_id
),

-- The years from the one compared with to the claim's.
years as (
    select
        claims.claim_id,
        figures.period_label < claims.period_label as is_before,
        figures.value,
        lag(figures.value) over (partition by claims.claim_id order by figures.period_label) as previous_value
    from claims
    inner join figures
        on
            claims.indicator_code = figures.indicator_code
            and claims.area_code = figures.area_code
            and claims.period_type = figures.period_type
            and claims.reference_period_label <= figures.period_label
            and claims.period_label >= figures.period_label
    where claims.check_kind in ('highest', 'sustained_decrease')
),

courses as (
    select
        claim_id,
        max(case when is_before then value end) as highest_before,
        bool_and(coalesce(value < previous_value, true)) as falls_each_year
    from years
    group by claim_id
),

compared as (
    select
        claims.claim_id,
        claims.indicator_code,
        figures.value,
        others.value as other_value,
        others.period_start as first_day,
        figures.period_end as last_day,
        claims.reference_period_label is not null as is_over_time,
        coalesce(figures.is_synthetic, false) or coalesce(others.is_synthetic, false) as is_synthetic
    from claims
    left join figures
        on
            claims.indicator_code = figures.indicator_code
            and claims.area_code = figures.area_code
            and claims.period_type = figures.period_type
            and claims.period_label = figures.period_label
    left join figures as others
        on
            claims.compared_indicator_code = others.indicator_code
            and claims.compared_area_code = others.area_code
            and claims.period_type = others.period_type
            and claims.compared_period_label = others.period_label
),

broken as (
    select
        compared.claim_id,
        {{ listed("breaks.title") }} as titles
    from compared
    inner join breaks
        on
            compared.indicator_code = breaks.indicator_code
            and compared.is_over_time
            and compared.first_day < breaks.break_date
            and compared.last_day >= breaks.break_date
    group by compared.claim_id
)

select
    claims.claim_id,
    claims.check_kind,
    case claims.check_kind when 'monthly_range' then months.lowest else compared.value end as computed_value,
    case claims.check_kind
        when 'monthly_range' then months.highest
        when 'highest' then courses.highest_before
        when 'value' then null
        else compared.other_value
    end as reference_value,
    case when claims.check_kind = 'sustained_decrease' then courses.falls_each_year end as falls_each_year,
    broken.titles as break_titles,
    coalesce(months.is_synthetic, compared.is_synthetic) as is_synthetic
from claims
inner join compared
    on claims.claim_id = compared.claim_id
left join months
    on
        claims.claim_id = months.claim_id
        and months.month_count = 12
left join courses
    on claims.claim_id = courses.claim_id
left join broken
    on claims.claim_id = broken.claim_id
