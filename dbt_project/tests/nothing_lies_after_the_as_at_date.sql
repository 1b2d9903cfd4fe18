-- Detects: a figure, a delivered month, a revision or a counted row of a month that ends after the as-at date.
-- Usually means: a model reads deliveries without int_rows__located or int_months__delivered, which keep to the date.
-- Rows: one per table with the last day that it reaches.

with reached as (
    select
        'measure_values' as table_name,
        last_day(max(month)) as last_reached
    from {{ ref("measure_values") }}
    union all
    select
        'indicator_values',
        max(period_end)
    from {{ ref("indicator_values") }}
    where is_complete
    union all
    select
        'indicators_as_at',
        max(period_end)
    from {{ ref("indicators_as_at") }}
    union all
    select
        'target_vs_baseline',
        max(as_at)
    from {{ ref("target_vs_baseline") }}
    union all
    select
        'revisions',
        max(last_day(period_start))
    from {{ ref("revisions") }}
    union all
    select
        'row_accounts',
        max(last_day(period_start))
    from {{ ref("row_accounts") }}
    where outcome = 'counted'
    union all
    select
        'indicators',
        max(last_day(last_month))
    from {{ ref("indicators") }}
    union all
    select
        -- What it is made of: to write out the rows of each cell would cost more than all the rest.
        'counted_rows',
        last_day(max(month))
    from {{ ref("int_rows__located") }}
    where is_standing and exclusion_reason is null
)

select
    reached.table_name,
    reached.last_reached,
    run_inputs.as_at
from reached
cross join {{ source("run", "inputs") }} as run_inputs
where reached.last_reached > run_inputs.as_at
