-- Areas of which the workbook has figures: those of plans and their neighbourhoods, and what a plan shows as context.
create or replace temporary view workbook_areas as
select area_code from target_vs_baseline
union
select neighbourhood_code from neighbourhood_scorecard
union
select area_code from ni_indicators
union
select area_code from apacs_indicators
