with figures as (select * from {{ ref("indicator_values") }} where value is not null),

claims as (
    select
        *,
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

-- The years from the one compared with up to the one before the claim's.
years as (
    select
        claims.claim_id,
        max(figures.value) as highest
    from claims
    inner join figures
        on
            claims.indicator_code = figures.indicator_code
            and claims.area_code = figures.area_code
            and claims.period_type = figures.period_type
            and claims.reference_period_label <= figures.period_label
            and claims.period_label > figures.period_label
    where claims.check_kind = 'highest'
    group by claims.claim_id
)

select
    claims.claim_id,
    claims.check_kind,
    case claims.check_kind when 'monthly_range' then months.lowest else figures.value end as computed_value,
    case claims.check_kind
        when 'monthly_range' then months.highest
        when 'highest' then years.highest
        when 'value' then null
        else compared.value
    end as reference_value,
    coalesce(months.is_synthetic, figures.is_synthetic, false)
    or coalesce(compared.is_synthetic, false) as is_synthetic
from claims
left join months
    on
        claims.claim_id = months.claim_id
        and months.month_count = 12
left join years
    on claims.claim_id = years.claim_id
left join figures
    on
        claims.indicator_code = figures.indicator_code
        and claims.area_code = figures.area_code
        and claims.period_type = figures.period_type
        and claims.period_label = figures.period_label
left join figures as compared
    on
        claims.indicator_code = compared.indicator_code
        and claims.compared_area_code = compared.area_code
        and claims.period_type = compared.period_type
        and claims.compared_period_label = compared.period_label
