-- A small valid set of the published tables: one force, one district, three partnerships, two years of one measure.

create table areas as
select * from (values
    ('E23000021', 'Leicestershire', 'force', null, 'E23000021', '2024', 'ONS'),
    ('E07000133', 'Melton', 'district', 'E23000021', 'E23000021', '2021', 'ONS'),
    ('E22000164', 'Blaby', 'csp', 'E23000021', 'E23000021', '2024', 'ONS'),
    ('E22000165', 'Charnwood', 'csp', 'E23000021', 'E23000021', '2024', 'ONS'),
    ('E22000169', 'Melton', 'csp', 'E23000021', 'E23000021', '2024', 'ONS'),
    ('E05005473', 'Asfordby', 'ward', 'E07000133', 'E23000021', '2017', 'ONS'),
    ('E01025935', 'Melton 001A', 'lsoa', 'E05005473', 'E23000021', '2011', 'ONS'),
    ('E23000021-no-district', 'Leicestershire: no district known', 'district', 'E23000021', 'E23000021', 'none', 'none'),
    ('E23000021-no-ward', 'Leicestershire: no ward known', 'ward', 'E23000021', 'E23000021', 'none', 'none'),
    ('E23000021-no-lsoa', 'Leicestershire: no LSOA known', 'lsoa', 'E23000021', 'E23000021', 'none', 'none')
) as rows (area_code, area_name, area_level, parent_code, home_force_code, vintage, source);

create table months as
select cast(unnest(generate_series(date '2020-04-01', date '2022-03-01', interval 1 month)) as date) as month;

create table deliveries as
select
    sha256(month::varchar) as file_sha256, 'police' as agency, 'police/street_crime' as feed,
    'police/street_crime leicestershire ' || strftime(month, '%Y-%m') as delivery_name, 'leicestershire' as supplier,
    month as period_start, last_day(month) as period_end, timestamp '2026-11-23 10:00:00' as received_at,
    13::bigint as rows_delivered, 12::bigint as rows_accepted, 1::bigint as rows_rejected,
    'partly_accepted' as status, false as is_synthetic, false as is_suppressed, null::varchar as reason
from months
union all
select
    sha256('first try'), 'police', 'police/street_crime', '2020-04-leicestershire-street.csv', 'leicestershire', date '2020-04-01',
    date '2020-04-30', timestamp '2026-11-22 10:00:00', 11, 11, 0, 'superseded', false, false, 'superseded by receipt 2'
union all
select
    sha256('broken'), 'police', 'police/street_crime', '2022-04-leicestershire-street.csv', 'leicestershire', null, null,
    timestamp '2026-11-23 11:00:00', 0, 0, 0, 'refused', false, false, 'Missing column Month.';

create table row_accounts as
select 'police/street_crime' as feed, month as period_start, 'measures' as stage, 'counted' as outcome, 12::bigint as row_count,
    false as is_suppressed
from months
union all
select 'police/street_crime', month, 'intake', 'rejected: month_in_period', 1, false
from months;

create table unknown_codes as
select
    null::varchar as feed, null::date as month, null::varchar as home_area_code, null::varchar as column_name, null::varchar as code,
    null::bigint as row_count, false as is_suppressed, false as is_over_limit, null::varchar as indicator_codes, null::varchar as told
where false;

create table indicators as
select
    indicator_code, title, null::varchar as plan_wording, definition, formula_kind, 'burglary' as numerator_measure, denominator,
    null::varchar as denominator_measure, multiplier, unit, 0 as decimals, 'lower_is_better' as polarity,
    false as polarity_contested, 'police/street_crime' as source_feed, 'Police' as collector, null::varchar as sample_design,
    null::integer as minimum_base, null::double as plausible_low, null::double as plausible_high,
    'force;district' as allowed_area_levels, 'monthly' as frequency, null::varchar as frameworks, '' as proxy_for,
    'OD-1' as definition_version, null::date as valid_from, null::date as valid_to, 'proxy' as definition_status,
    'data.police.uk' as source, 'data' as availability, null::varchar as availability_reason,
    date '2020-04-01' as first_month, date '2022-03-01' as last_month
from (values
    ('OD-BURGLARY', 'Burglary', 'Crimes of the type burglary.', 'count', null, 1.0, 'offences'),
    ('OD-BURGLARY-RATE', 'Burglary per 1,000', 'The same per 1,000.', 'rate', 'population', 1000.0, 'offences per 1,000')
) as rows (indicator_code, title, definition, formula_kind, denominator, multiplier, unit);

create table measure_values as
select
    'burglary' as measure_code, area_code, area_level, month,
    case when area_level = 'force' then 12.0 when area_code like '%-no-%' then 2.0 else 10.0 end::double as value,
    'police/street_crime' as source_feed, false as is_synthetic, false as is_suppressed
from areas cross join months;

create table coverage as
select
    'police/street_crime' as source_feed, 'E23000021' as home_area_code, area_level, area_code, date '2020-04-01' as first_month,
    date '2022-03-01' as last_month, false as is_synthetic, null::varchar as measures_not_told
from areas;

create table measure_levels as
select distinct
    'burglary' as measure_code, area_level, 'Burglary' as title, 'offences' as unit, 'police/street_crime' as source_feed,
    false as is_suppressed, area_level not in ('ward', 'lsoa') as keeps_zeros,
    case area_level when 'ward' then 3 end::integer as latest_rolling_years
from areas;

create table measure_values_with_zeros as select * from measure_values;

create table indicator_values as
with periods as (
    select 'month' as period_type, month as period_start, last_day(month) as period_end,
        strftime(month, '%Y-%m') as period_label, 1 as month_count, true as is_complete from months
    union all values
        ('quarter', date '2021-04-01', date '2021-06-30', '2021/22 Q1', 3, true),
        ('year_to_date', date '2021-04-01', date '2021-05-31', '2021/22 to 2021-05', 2, true),
        ('rolling_12_months', date '2021-01-01', date '2021-12-31', '12 months to 2021-12', 12, true),
        ('financial_year', date '2021-04-01', date '2022-03-31', '2021/22', 12, true),
        ('financial_year', date '2022-04-01', date '2023-03-31', '2022/23', 0, false)
),
counted as (
    select *, case when is_complete then month_count * case area_level when 'force' then 12 else 10 end end::double as numerator,
        case indicators.denominator when 'population' then 51000.0 end::double as population
    from indicators cross join areas cross join periods
    where area_level in ('force', 'district') and area_code not like '%-no-%'
    union all
    select *, case area_code when 'E22000164' then 51 when 'E22000165' then 102 else 204 end::double as numerator,
        51000.0 as population
    from indicators cross join areas cross join periods
    where area_level = 'csp' and formula_kind = 'rate' and period_type = 'quarter'
)
select
    indicator_code, area_code, area_name, area_level, period_type, period_start, period_end, period_label,
    numerator, population as denominator, numerator * multiplier / coalesce(population, 1) as value, unit,
    value * 0.8 as lower_95, value * 1.2 as upper_95, case when is_complete then 'byar' end as interval_method,
    100::bigint as base_count, 90.0::double as effective_base, 1.1::double as design_effect,
    is_complete, 'final' as status, definition_status, false as is_synthetic, false as is_suppressed, true as comparable,
    null::varchar as note
from counted;

create table targets as
select
    'ILL-BURGLARY' as target_id, 'ILLUSTRATIVE-2021-22' as plan_id, 'ILLUSTRATIVE plan' as plan_title,
    'illustrative' as plan_status, 'acquisitive_crime' as priority_code, 'Police' as lead_agency,
    'OD-BURGLARY' as indicator_code, 'E07000133' as area_code, 'count' as basis, '2020/21' as baseline_period,
    '2021/22' as target_period, -3.0::double as target_change_pct, null::double as target_change_points,
    null::double as target_absolute, 'reduction' as target_type, 'illustrative' as target_status,
    'baseline_year' as profile, 'relative_5' as rag_scheme, 'relative' as rag_basis, 5.0::double as tolerance,
    'ILLUSTRATIVE: 3% less' as label, null::integer as plan_line, null::varchar as remark, 'made up' as source;

create table target_vs_baseline as
select
    target_id, plan_id, priority_code, lead_agency, indicator_code, area_code, basis, target_status, baseline_period,
    120.0::double as baseline_value, target_period, target_change_pct, target_change_points,
    116.4::double as target_value, last_day(date '2021-03-01' + to_months(n::integer)) as as_at, n as months_elapsed,
    10.0 * n as actual_to_date, 8.0 * n as actual_lower_95, 12.0 * n as actual_upper_95, 10.0 * n as baseline_to_date,
    profile, 9.7 * n as profiled_target_to_date, round(0.3 * n, 6)::double as variance_to_profile,
    round(100 * (10 / 9.7 - 1), 6)::double as variance_to_profile_pct, 0.0::double as change_on_baseline,
    0.0::double as change_on_baseline_pct, 1.0::double as change_p_value, null::double as change_lower_95,
    null::double as change_upper_95, false as change_is_significant, 120.0::double as projected_outturn,
    100.0::double as projected_lower_95, 140.0::double as projected_upper_95, rag_scheme, 'amber' as rag,
    'steady' as direction_of_travel, case when n = 12 then 'not_met' else 'in_progress' end as outcome,
    true as comparable, false as is_contested, true as is_complete, 'final' as status, false as is_synthetic,
    null::varchar as note
from targets cross join range(1, 13) as months (n);

create table revisions as
select
    'police/street_crime' as feed, date '2020-04-01' as period_start, date '2020-04-01' as month, 'burglary' as measure_code,
    'E07000133' as area_code, 'district' as area_level, 9.0::double as previous_value, 10.0::double as value,
    1.0::double as change, 'new 2, removed 1' as movements, sha256('first try') as previous_file_sha256,
    sha256('2020-04-01') as file_sha256, null::varchar as reason;

create table revised_records as
select
    'police/street_crime' as feed, date '2020-04-01' as period_start, movement, previous_category, category,
    sha256('first try') as previous_file_sha256, previous_row_number::bigint as previous_row_number,
    sha256('2020-04-01') as file_sha256, row_number::bigint as row_number
from (values
    ('new', null, 'Burglary', null, 2),
    ('new', null, 'Burglary', null, 3),
    ('removed', 'Burglary', null, 2, null),
    ('reclassified', 'Robbery', 'Drugs', 3, 4),
    ('flags changed', 'Robbery', 'Robbery', 4, 5),
    ('flags changed', 'people', 'people', 4, 5)
) as rows (movement, previous_category, category, previous_row_number, row_number);

create table peer_comparison as
select
    'ILLUSTRATIVE-GROUP' as peer_group_id, 'ILLUSTRATIVE: three partnerships' as peer_group_title,
    'illustrative' as peer_group_status, indicator_code, area_code, area_name, period_type, period_start, period_end,
    period_label, value, 3 as members_with_value, avg(value) over () as peer_mean,
    avg(value) over () - stddev_samp(value) over () as lower_bound,
    avg(value) over () + stddev_samp(value) over () as upper_bound,
    case area_code when 'E22000164' then 1 when 'E22000165' then 2 else 3 end as peer_rank,
    case area_code when 'E22000169' then 'worse' else 'in line' end as standing, is_synthetic, comparable
from indicator_values
where area_level = 'csp';

create table control_charts as
select
    indicator_code, area_code, area_name, area_level, period_start, period_end, period_label, value, unit,
    period_start as baseline_start, period_end as baseline_end, 24 as baseline_points, value as centre_line,
    value - 1 as lower_limit, value + 1 as upper_limit, false as is_signal, cast(null as varchar) as signals,
    'steady' as control_state, is_synthetic
from indicator_values
where value is not null;

create table indicators_as_at as
select
    date '2022-03-31' as as_at, indicator_code, area_code, period_label, period_start, period_end, value, numerator, denominator,
    lower_95, upper_95, date '2020-04-01' as previous_period_start, date '2021-03-31' as previous_period_end,
    '2020/21' as previous_period_label, value - 1 as previous_value, 1.0::double as change, 1.0::double as p_value,
    null::double as change_lower_95, 'no clear change' as direction, is_suppressed
from indicator_values
where period_label = '2021/22' and value is not null;

create table time_between_events as
select
    'NI15-COUNT' as indicator_code, 'E07000133' as area_code, 1 as wait_number, 4 as events_per_wait, date '2019-01-01' as wait_start,
    date '2019-05-01' as period_start, 4 as months_waited, 3.9 as centre_line, 0.4 as lower_limit, 13.5 as upper_limit;

create table funnel_limits as
select
    'GROUP' as funnel_group_id, 'RATE' as indicator_code, area_code, 'district' as area_level, date '2019-04-01' as period_start,
    '2019/20' as period_label, value, 5.0::double as centre_line, 2.0::double as lower_95, 8.0::double as upper_95,
    case when value > 8 then 'above 95%' else 'inside' end as position
from (values ('E07000133', 3.0::double), ('E07000134', 9.0::double)) as areas (area_code, value);

create table peer_group_coverage as
select 'ONS-SIMILAR-GLOBAL-E07000133' as peer_group_id, 'RATE' as indicator_code, 21 as members, 2 as members_with_value;

drop table months;

create table crime_outcomes_by_age as
select
    'E07000133' as area_code, date '2021-04-01' as crime_month, 'all crime' as crime_type, months_after, charged, false as is_synthetic
from (values (0, 2), (3, 4)) as ages (months_after, charged);

create table health_context as select 91414 as indicator_id;

create table proxy_comparison as
select
    'Melton' as area_name, '2021/22' as period_label, 'Burglary, ONS table' as comparison, 101 as proxy_count,
    100 as official_count, 1 as difference, true as is_within_tolerance;
