-- Beside valid_tables.sql: what a partnership reads of its plans, the columns that its rules name.
create table ni_indicators as
select
    'PLAN' as plan_id, 'OD-BURGLARY' as indicator_code, 'E07000133' as area_code, 'district' as area_level, false as is_context,
    'figure' as figure_status, false as is_suppressed, 3.0::double as value, 1.0::double as lower_95, 9.0::double as upper_95
union all
select 'PLAN', 'OD-BURGLARY', 'E23000021', 'force', true, 'suppressed', true, null, null, null;

create table laa_indicators as select * from ni_indicators;
create table psa_indicators as select 'PSA 23' as psa, * from ni_indicators;
create table apacs_indicators as select * from ni_indicators;

create table strategic_assessment as
select
    plan_id, 'changes_in_crime' as section, '2008/09' as assessment_period, indicator_code, area_code, area_level, is_context,
    case when not is_suppressed then 'steady' end as direction_of_travel, is_suppressed, value, lower_95, upper_95, 4.0::double as previous_value,
    value as change, value as change_pct, value as change_p_value, value as change_lower_95, value as change_upper_95,
    value < 0.05 as change_is_significant, value < 0 as raises_priority, value as recorded_value
from ni_indicators;

create table neighbourhood_scorecard as
select
    plan_id, 'PN' as neighbourhood_code, indicator_code, period_label, area_level, is_context, 'grey' as rag, false as is_suppressed,
    3.0::double as value, 4.0::double as previous_value, -25.0::double as change_pct, 1.0::double as change_p_value,
    false as change_is_significant, 10.0::double as plan_area_value, 9.0::double as plan_area_previous_value,
    11.0::double as plan_area_change_pct, 30.0::double as share_of_plan_area_pct, 1.0::double as difference_p_value,
    false as moves_differently, 2.7::double as expected_value, 3.0::double as rate_per_1000, 4.0::double as plan_area_rate_per_1000
from (values
    ('PLAN', 'OD-BURGLARY', '2008/09', 'priority_neighbourhood', false), ('PLAN', 'OD-BURGLARY-RATE', '2008/09', 'district', true)
) as rows (plan_id, indicator_code, period_label, area_level, is_context);

create table aims as
select 'PLAN' as plan_id, 'acquisitive_crime' as priority_code, '1' as aim_number, 'measured' as measurement;

create table aim_indicators as
select plan_id, 'acquisitive_crime' as priority_code, '1' as aim_number, indicator_code, is_suppressed, value, lower_95, upper_95
from ni_indicators;

create table priority_scorecard as
select
    'PLAN' as plan_id, 'acquisitive_crime' as priority_code, 'target' as item_kind, target_id as item_code, rag, outcome
from target_vs_baseline
where months_elapsed = 12
union all
select 'PLAN', 'acquisitive_crime', 'priority', 'acquisitive_crime', null, null;

create table agency_returns as
select
    'receipt ' || row_number() over () as return_id, status, false as is_suppressed, rows_delivered, rows_accepted, rows_rejected,
    100.0::double as accepted_pct
from deliveries
union all
select 'missing police/street_crime 2022-03-01', 'missing', false, null, null, null, null;

-- Of these only the names of the columns are judged.
create table series_breaks as select 'OD-BURGLARY' as indicator_code;
create table plan_items as select 'PLAN' as plan_id;
create table plan_indicators as select 'PLAN' as plan_id;
create table errata as select 'PLAN' as plan_id;
create table claims as select 'PLAN' as plan_id;
create table lead_agency_scorecard as select 'PLAN' as plan_id;
create table performance_framework as select 'PLAN' as plan_id;
create table target_consistency as select 'PLAN' as plan_id;
create table target_links as select 'PLAN' as plan_id;
