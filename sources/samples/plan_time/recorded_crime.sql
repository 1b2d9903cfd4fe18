-- Recorded crime: how many of each offence a month (tables offences, restatements), and what each crime is like.

CREATE TABLE crime_volume AS
SELECT
    code AS item,
    year,
    -- Scaled up, every offence keeps its share; `crime_factor` is NULL for the sample.
    CASE
        WHEN getvariable('crime_factor') IS NULL THEN volume::BIGINT
        ELSE (volume::BIGINT * getvariable('crime_factor')::DOUBLE)::BIGINT
    END AS volume,
    season,
    200 AS jitter_permille,
    no_crime_permille::BIGINT AS no_crime_permille,
    first_month,
    last_month
FROM (UNPIVOT (SELECT * EXCLUDE (position) FROM offences) ON COLUMNS('^\d{4}/\d\d$') INTO NAME year VALUE volume);

CREATE TABLE no_crime_volume AS
SELECT
    item || ' no crime' AS item,
    year,
    (volume * no_crime_permille + 500) // 1000 AS volume,
    season,
    400 AS jitter_permille,
    first_month,
    last_month
FROM crime_volume;

-- `series` tells the crimes that count from those that do not, in the last version of each month.
CREATE TABLE crime_count AS
SELECT item AS code, month, 'counted' AS series, rows FROM by_month('crime_volume')
UNION ALL
SELECT replace(item, ' no crime', ''), month, 'no_crime', rows FROM by_month('no_crime_volume')
UNION ALL
SELECT to_code, (month || '-01')::DATE, change, sum(records::BIGINT)::BIGINT
FROM restatements
WHERE change IN ('no_crimed', 'removed') AND getvariable('crime_factor') IS NULL
GROUP BY ALL;

-- The first number of each month: crimes are numbered through a calendar year.
CREATE TABLE crime_month AS
SELECT
    month.*,
    counted.rows,
    sum(counted.rows) OVER (PARTITION BY month.calendar_year ORDER BY month.month)::BIGINT - counted.rows AS numbered_before
FROM month
INNER JOIN (SELECT month, sum(rows)::BIGINT AS rows FROM crime_count GROUP BY month) AS counted USING (month);

CREATE TABLE place_choice AS
UNPIVOT places ON spread, town, centre, rural INTO NAME choice VALUE weight;

CREATE TABLE place_slot AS FROM slots('place_choice');

CREATE TABLE premises_choice AS SELECT * RENAME (premises AS choice) FROM premises;

CREATE TABLE premises_slot AS FROM slots('premises_choice');

CREATE TABLE hour_choice AS SELECT * RENAME (hours AS choice) FROM hours;

CREATE TABLE hour_slot AS FROM slots('hour_choice');

CREATE TABLE outcome_choice AS SELECT * RENAME (outcome AS choice) FROM outcomes;

CREATE TABLE outcome_slot AS FROM slots('outcome_choice');

CREATE TABLE lag_choice AS SELECT * RENAME (lag AS choice) FROM lags;

CREATE TABLE lag_slot AS FROM slots('lag_choice');

CREATE TABLE reason_choice AS SELECT *, 'any' AS choice FROM no_crime_reasons;

CREATE TABLE reason_slot AS FROM slots('reason_choice');

CREATE TABLE offence AS
SELECT
    offences.* EXCLUDE (position, domestic_permille, hate_permille, alcohol_permille, no_crime_permille),
    domestic_permille::BIGINT AS domestic_permille,
    hate_permille::BIGINT AS hate_permille,
    alcohol_permille::BIGINT AS alcohol_permille,
    (SELECT count(*) FROM place_slot WHERE choice = offences.place) AS places,
    (SELECT count(*) FROM premises_slot WHERE choice = offences.premises) AS premises_types,
    (SELECT count(*) FROM hour_slot WHERE choice = offences.hours) AS hour_slots,
    (SELECT count(*) FROM outcome_slot WHERE choice = offences.outcome) AS outcome_slots,
    (SELECT count(*) FROM lag_slot WHERE choice = offences.lag) AS lag_slots
FROM offences;

CREATE MACRO crimes(first_month, last_month) AS TABLE
WITH keyed AS (
    SELECT
        *,
        coalesce(getvariable('supplier'), '') || 'crime|' || code || '|' || month || '|' || series || '|' || number AS key,
        md5_number_lower(key) AS a,
        md5_number_upper(key) AS b,
        md5_number_lower(key || '|') AS c,
        md5_number_upper(key || '|') AS d
    FROM (
        SELECT code, month, series, unnest(range(rows)) AS number
        FROM crime_count
        WHERE month BETWEEN first_month AND last_month
    )
),

chosen AS (
    SELECT
        keyed.* EXCLUDE (key),
        offence.* EXCLUDE (code, outcome),
        offence.outcome AS outcome_profile,
        crime_month.numbered_before,
        crime_month.calendar_year,
        crime_month.days,
        keyed.month + below(keyed.a, 0, crime_month.days)::INTEGER AS date_recorded,
        below(keyed.a, 1, offence.lag_slots) AS lag_slot,
        below(keyed.a, 3, offence.hour_slots) AS hour_slot,
        below(keyed.b, 1, offence.places) AS place_slot,
        below(keyed.c, 0, offence.premises_types) AS premises_slot,
        below(keyed.c, 1, offence.outcome_slots) AS outcome_slot,
        below(keyed.d, 3, (SELECT count(*) FROM reason_slot)) AS reason_slot
    FROM keyed
    INNER JOIN offence USING (code)
    INNER JOIN crime_month USING (month)
),

described AS (
    SELECT
        chosen.*,
        place.locality,
        place.ward_code,
        place.beat_code,
        place.easting::BIGINT AS place_easting,
        place.northing::BIGINT AS place_northing,
        place.radius::BIGINT AS radius,
        premises.premises_type,
        hour.hour::BIGINT AS hour,
        outcome.outcome_text,
        reason.reason,
        reason.transferred_to,
        lag.days::BIGINT + below(chosen.a, 2, lag.spread::BIGINT + 1) AS lag_days
    FROM chosen
    INNER JOIN place_slot AS place ON chosen.place = place.choice AND chosen.place_slot = place.slot
    INNER JOIN premises_slot AS premises ON chosen.premises = premises.choice AND chosen.premises_slot = premises.slot
    INNER JOIN hour_slot AS hour ON chosen.hours = hour.choice AND chosen.hour_slot = hour.slot
    INNER JOIN outcome_slot AS outcome ON chosen.outcome_profile = outcome.choice AND chosen.outcome_slot = outcome.slot
    INNER JOIN lag_slot AS lag ON chosen.lag = lag.choice AND chosen.lag_slot = lag.slot
    INNER JOIN reason_slot AS reason ON chosen.reason_slot = reason.slot
)

SELECT
    month,
    series,
    number,
    a,
    code,
    title,
    written_with_subcode,
    numbered_before + row_number() OVER (PARTITION BY month ORDER BY date_recorded, a, b) AS position,
    'LC/' || lpad(position::VARCHAR, greatest(5, length(position::VARCHAR))::INTEGER, '0') || '/'
    || lpad((calendar_year % 100)::VARCHAR, 2, '0') AS crime_number,
    date_recorded,
    date_recorded - lag_days::INTEGER AS date_from,
    -- Owners who were away know only a range; others often leave the second date blank.
    CASE
        WHEN hours = 'away' THEN date_from + below(d, 2, least(lag_days, 3) + 1)::INTEGER
        WHEN NOT chance(d, 2, 300) THEN date_from
    END AS date_to,
    -- Midnight often stands for an unknown time.
    CASE
        WHEN chance(d, 3, 25) THEN '00:00'
        WHEN NOT chance(d, 3, 50) THEN lpad(hour::VARCHAR, 2, '0') || ':' || lpad((below(b, 0, 12) * 5)::VARCHAR, 2, '0')
    END AS time_from,
    beat_code,
    ward_code,
    locality,
    CASE WHEN chance(d, 1, 25) THEN 0 ELSE place_easting + around(b, 2, radius) END AS easting,
    CASE WHEN chance(d, 1, 25) THEN 0 ELSE place_northing + around(b, 3, radius) END AS northing,
    premises_type,
    yes_no(chance(c, 3, domestic_permille)) AS domestic_flag,
    yes_no(chance(d, 0, hate_permille)) AS hate_flag,
    -- The flag is filled in badly: blank means nobody said.
    CASE WHEN chance(c, 2, alcohol_permille) THEN 'Y' WHEN NOT chance(d, 3, 250) THEN 'N' END AS alcohol_flag,
    outcome_text,
    reason,
    transferred_to,
    date_recorded + below(a, 3, 20)::INTEGER AS last_updated
FROM described;

CREATE MACRO written_code(code, with_subcode, style) AS CASE style
    WHEN 'slash' THEN lpad(split_part(with_subcode, '/', 1), 3, '0') || '/' || lpad(split_part(with_subcode, '/', 2), 2, '0')
    -- Four digits or five: lpad would cut what is longer.
    WHEN 'compact' THEN
        lpad(split_part(with_subcode, '/', 1), greatest(2, strpos(with_subcode, '/') - 1)::INTEGER, '0')
        || lpad(split_part(with_subcode, '/', 2), 2, '0')
    WHEN 'padded' THEN
        lpad(regexp_extract(code, '^\d+'), 3, '0') || regexp_extract(code, '^\d+(.*)$', 1)
    ELSE code
END;

CREATE MACRO written_crimes(crime_rows) AS TABLE
SELECT
    file_name,
    position,
    crime_number AS "Crime No",
    written_code(code, written_with_subcode, code_style) AS "HO Class",
    title AS "Offence",
    written_date(date_recorded, date_style) AS "Date Recorded",
    written_date(date_from, date_style) AS "Date From",
    written_date(date_to, date_style) AS "Date To",
    time_from AS "Time From",
    beat_code AS "Beat",
    ward_code AS "Ward",
    locality AS "Locality",
    easting AS "Easting",
    northing AS "Northing",
    premises_type AS "Premises Type",
    domestic_flag AS "DV Flag",
    hate_flag AS "Hate Flag",
    alcohol_flag AS "Alcohol Flag",
    CASE WHEN NOT is_no_crime THEN outcome_text END AS "Outcome",
    yes_no(is_no_crime) AS "No Crime",
    CASE WHEN is_no_crime THEN reason END AS "No Crime Reason",
    CASE WHEN is_no_crime THEN transferred_to END AS "Transferred To",
    written_date(last_updated, date_style) AS "Last Updated"
FROM query_table(crime_rows);
