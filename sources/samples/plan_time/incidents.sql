-- Incidents of command and control. Needs recorded_crime.sql: an incident may have become a recorded crime.

CREATE TABLE incident_category AS
SELECT
    incident_categories.* EXCLUDE (position),
    closing_category || '|' || coalesce(qualifier, '') AS item,
    string_split(opened_as, '|') AS openings,
    crime_result_permille::BIGINT AS crime_permille,
    (SELECT sum(weight::BIGINT) FROM incident_sources WHERE source = incident_categories.source)::BIGINT AS sources,
    (SELECT sum(weight::BIGINT) FROM hours WHERE hours = incident_categories.hours)::BIGINT AS hour_slots,
    (SELECT sum(weight::BIGINT) FROM place_choice WHERE choice = incident_categories.place)::BIGINT AS places
FROM incident_categories;

CREATE TABLE incident_volume AS
SELECT
    closing_category || '|' || coalesce(qualifier, '') AS item,
    year,
    volume::BIGINT AS volume,
    season,
    jitter_permille::BIGINT AS jitter_permille,
    first_month,
    last_month,
    crime_result_permille::BIGINT AS crime_permille,
    crime_results_count = 'Y' AS crimes_are_within,
    duplicate_permille::BIGINT AS duplicate_permille
FROM (UNPIVOT (SELECT * EXCLUDE (position) FROM incident_categories) ON COLUMNS('^\d{4}/\d\d$') INTO NAME year VALUE volume);

-- Where an incident that became a crime is not counted, those incidents come on top of the volume.
CREATE TABLE incident_crime_volume AS
SELECT * REPLACE (item || '|crime' AS item, (volume * crime_permille + 500) // 1000 AS volume, 300 AS jitter_permille)
FROM incident_volume
WHERE NOT crimes_are_within;

CREATE TABLE incident_duplicate_volume AS
SELECT * REPLACE (item || '|duplicate' AS item, (volume * duplicate_permille + 500) // 1000 AS volume, 300 AS jitter_permille)
FROM incident_volume;

CREATE TABLE incident_count AS
SELECT item, month, 'counted' AS series, rows FROM by_month('incident_volume')
UNION ALL
SELECT regexp_replace(item, '\|crime$', ''), month, 'crime', rows FROM by_month('incident_crime_volume')
UNION ALL
SELECT regexp_replace(item, '\|duplicate$', ''), month, 'duplicate', rows FROM by_month('incident_duplicate_volume');

CREATE TABLE source_choice AS SELECT * RENAME (source AS choice) FROM incident_sources;

CREATE TABLE source_slot AS FROM slots('source_choice');

CREATE TABLE result_choice AS SELECT *, 'any' AS choice FROM incident_results;

CREATE TABLE result_slot AS FROM slots('result_choice');

CREATE TABLE incident AS
WITH keyed AS (
    SELECT
        *,
        'incident|' || item || '|' || month || '|' || series || '|' || number AS key,
        md5_number_lower(key) AS a,
        md5_number_upper(key) AS b,
        md5_number_lower(key || '|') AS c,
        md5_number_upper(key || '|') AS d
    FROM (SELECT item, month, series, unnest(range(rows)) AS number FROM incident_count)
),

-- A duplicate repeats one of the counted incidents of its month, a few minutes later.
repeated AS (
    SELECT
        keyed.*,
        counted.rows AS originals,
        CASE WHEN keyed.series = 'duplicate' THEN below(keyed.d, 2, counted.rows) END AS original
    FROM keyed
    INNER JOIN incident_count AS counted
        ON keyed.item = counted.item AND keyed.month = counted.month AND counted.series = 'counted'
    WHERE keyed.series <> 'duplicate' OR counted.rows > 0
),

drawn AS (
    SELECT
        repeated.* EXCLUDE (a, b),
        -- Place and time are those of the incident that is repeated.
        coalesce(original.a, repeated.a) AS a,
        coalesce(original.b, repeated.b) AS b,
        original.key AS original_key
    FROM repeated
    LEFT JOIN keyed AS original
        ON
            repeated.item = original.item
            AND repeated.month = original.month
            AND repeated.original = original.number
            AND original.series = 'counted'
),

chosen AS (
    SELECT
        drawn.*,
        category.* EXCLUDE (item),
        month.days,
        below(drawn.a, 1, category.hour_slots) AS hour_slot,
        below(drawn.b, 1, category.places) AS place_slot,
        below(drawn.c, 1, category.sources) AS source_slot,
        below(drawn.d, 3, (SELECT count(*) FROM result_slot)) AS result_slot
    FROM drawn
    INNER JOIN incident_category AS category USING (item)
    INNER JOIN month USING (month)
),

described AS (
    SELECT
        chosen.key,
        chosen.original_key,
        chosen.month,
        chosen.series,
        chosen.c,
        chosen.closing_category,
        chosen.qualifier,
        chosen.openings[below(chosen.c, 0, len(chosen.openings)) + 1] AS opening_category,
        source.source_text,
        source.grade,
        chosen.month + below(chosen.a, 0, chosen.days)::INTEGER AS created_date,
        hour.hour::BIGINT * 60 + below(chosen.a, 2, 60) AS first_minute,
        -- Before midnight, so that both are of one day.
        least(first_minute + CASE WHEN chosen.series = 'duplicate' THEN 3 + below(chosen.c, 3, 20) ELSE 0 END, 1439) AS minute,
        place.locality,
        place.ward_code,
        place.beat_code,
        place.easting::BIGINT + around(chosen.b, 2, place.radius::BIGINT) AS place_easting,
        place.northing::BIGINT + around(chosen.b, 3, place.radius::BIGINT) AS place_northing,
        result.result,
        chosen.series = 'crime'
        OR (
            chosen.series = 'counted' AND chosen.crime_results_count = 'Y' AND chance(chosen.c, 2, chosen.crime_permille)
        ) AS is_crime,
        -- Some crime results name no crime.
        is_crime AND NOT chance(chosen.d, 0, 200) AS is_linked,
        crime_month.numbered_before + 1 + below(chosen.d, 1, crime_month.rows) AS crime_position
    FROM chosen
    INNER JOIN crime_month USING (month)
    INNER JOIN source_slot AS source ON chosen.source = source.choice AND chosen.source_slot = source.slot
    INNER JOIN hour_slot AS hour ON chosen.hours = hour.choice AND chosen.hour_slot = hour.slot
    INNER JOIN place_slot AS place ON chosen.place = place.choice AND chosen.place_slot = place.slot
    INNER JOIN result_slot AS result ON chosen.result_slot = result.slot
)

SELECT
    *,
    -- A daily sequence, as the force's system numbers them; Melton's are some of the force's.
    strftime(created_date, '%Y%m%d') || '-'
    || lpad((11 + 17 * row_number() OVER (PARTITION BY created_date ORDER BY minute, series, key))::VARCHAR, 4, '0')
        AS incident_number
FROM described;

CREATE TABLE incidents_written AS
SELECT
    file.file_name,
    incident.incident_number AS position,
    incident.incident_number AS "Incident No",
    written_date(incident.created_date, file.date_style) AS "Created",
    lpad((incident.minute // 60)::VARCHAR, 2, '0') || ':' || lpad((incident.minute % 60)::VARCHAR, 2, '0') AS "Time",
    incident.opening_category AS "Opening Category",
    incident.closing_category AS "Closing Category",
    incident.qualifier AS "Qualifier",
    incident.source_text AS "Source",
    incident.grade AS "Grade",
    incident.beat_code AS "Beat",
    incident.ward_code AS "Ward",
    incident.locality AS "Locality",
    CASE WHEN chance(incident.c, 3, 15) THEN 0 ELSE incident.place_easting END AS "Easting",
    CASE WHEN chance(incident.c, 3, 15) THEN 0 ELSE incident.place_northing END AS "Northing",
    CASE WHEN incident.is_linked THEN crime.crime_number END AS "Linked Crime No",
    CASE
        WHEN original.incident_number IS NOT NULL THEN 'Duplicate'
        WHEN incident.is_crime THEN 'Crime recorded'
        ELSE incident.result
    END AS "Result",
    original.incident_number AS "Duplicate Of"
FROM incident
INNER JOIN file ON file.extract = 'incidents' AND incident.month = (file.period || '-01')::DATE
LEFT JOIN crime
    ON incident.month = crime.month AND incident.crime_position = crime.position
LEFT JOIN incident AS original ON incident.original_key = original.key;
