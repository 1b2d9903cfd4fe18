-- Fires and other incidents of the fire service: one record each from April 2009; before it records (FDR1) for primary fires
-- and monthly totals (FDR3) for the others.

CREATE TABLE fire_volume AS
SELECT
    district.district_code || '|' || kinds.kind AS item,
    kinds.year,
    (kinds.volume::BIGINT * district.fire_permille::BIGINT + 500) // 1000 AS volume,
    kinds.season,
    200 AS jitter_permille,
    NULL AS first_month,
    NULL AS last_month
FROM (UNPIVOT (SELECT * EXCLUDE (position) FROM fire_kinds) ON COLUMNS('^\d{4}/\d\d$') INTO NAME year VALUE volume) AS kinds
CROSS JOIN districts AS district;

CREATE TABLE fire_count AS
SELECT
    split_part(item, '|', 1) AS district_code,
    split_part(item, '|', 2) AS kind,
    month,
    rows
FROM by_month('fire_volume');

CREATE TABLE motive_choice AS SELECT * RENAME (motive AS choice) FROM fire_motives;

CREATE TABLE motive_slot AS FROM slots('motive_choice');

CREATE TABLE property_choice AS SELECT * RENAME (property AS choice) FROM fire_properties;

CREATE TABLE property_slot AS FROM slots('property_choice');

CREATE TABLE fire_kind AS
SELECT
    fire_kinds.*,
    (SELECT count(*) FROM motive_slot WHERE choice = fire_kinds.motive) AS motives,
    (SELECT count(*) FROM property_slot WHERE choice = fire_kinds.property) AS properties
FROM fire_kinds;

CREATE TABLE fire_incident AS
WITH keyed AS (
    SELECT
        *,
        'fire|' || district_code || '|' || kind || '|' || month || '|' || number AS key,
        md5_number_lower(key) AS a,
        md5_number_upper(key) AS b,
        md5_number_lower(key || '|') AS c,
        md5_number_upper(key || '|') AS d
    FROM (SELECT district_code, kind, month, unnest(range(rows)) AS number FROM fire_count)
),

chosen AS (
    SELECT
        keyed.*,
        fire_kind.* EXCLUDE (kind, position),
        month.days,
        month.calendar_year,
        below(keyed.b, 0, fire_kind.motives) AS motive_slot,
        below(keyed.b, 1, fire_kind.properties) AS property_slot,
        below(keyed.b, 2, (SELECT count(*) FROM place_slot WHERE choice = 'spread')) AS place_slot
    FROM keyed
    INNER JOIN fire_kind USING (kind)
    INNER JOIN month USING (month)
)

SELECT
    chosen.*,
    chosen.month + below(chosen.a, 0, chosen.days)::INTEGER AS incident_date,
    below(chosen.a, 1, 1440) AS minute,
    below(chosen.a, 2, 60) AS second,
    motive.cause_of_fire,
    property.property_category,
    CASE WHEN district.stats19_code = '365' THEN place.ward_code END AS ward_code,
    CASE
        WHEN district.stats19_code = '365' THEN place.easting::BIGINT + around(chosen.c, 0, place.radius::BIGINT)
        ELSE district.easting::BIGINT + around(chosen.c, 0, district.radius::BIGINT)
    END AS easting,
    CASE
        WHEN district.stats19_code = '365' THEN place.northing::BIGINT + around(chosen.c, 1, place.radius::BIGINT)
        ELSE district.northing::BIGINT + around(chosen.c, 1, district.radius::BIGINT)
    END AS northing,
    CASE WHEN chance(chosen.c, 2, chosen.fatality_permille::BIGINT) THEN 1 ELSE 0 END AS fatalities,
    CASE
        WHEN chance(chosen.c, 3, chosen.casualty_permille::BIGINT) THEN 1 + below(chosen.d, 0, 5) // 3
        ELSE 0
    END AS casualties,
    CASE WHEN chance(chosen.d, 1, chosen.rescue_permille::BIGINT) THEN 1 + below(chosen.d, 2, 2) ELSE 0 END AS rescues,
    CASE WHEN chance(chosen.d, 3, chosen.collision_permille::BIGINT) THEN 'yes' ELSE 'no' END AS is_collision,
    lpad((row_number() OVER (
        PARTITION BY chosen.calendar_year ORDER BY chosen.month, incident_date, minute, chosen.key
    ))::VARCHAR, 6, '0') || '-' || strftime(incident_date, '%d%m%Y') AS incident_number
FROM chosen
INNER JOIN districts AS district USING (district_code)
INNER JOIN motive_slot AS motive ON chosen.motive = motive.choice AND chosen.motive_slot = motive.slot
INNER JOIN property_slot AS property ON chosen.property = property.choice AND chosen.property_slot = property.slot
INNER JOIN place_slot AS place ON place.choice = 'spread' AND chosen.place_slot = place.slot;

CREATE TABLE fire_incidents_written AS
SELECT
    file.file_name,
    fire.incident_number AS position,
    fire.incident_number AS "Incident Number",
    written_date(fire.incident_date, file.date_style) AS "Date",
    lpad((fire.minute // 60)::VARCHAR, 2, '0') || ':' || lpad((fire.minute % 60)::VARCHAR, 2, '0') || ':'
    || lpad(fire.second::VARCHAR, 2, '0') AS "Time of Call",
    fire.district_code AS "Local Authority",
    fire.ward_code AS "Ward",
    -- The place of a dwelling is masked to the kilometre.
    CASE WHEN fire.property_category = 'Dwelling' THEN (fire.easting // 1000) || '***' ELSE fire.easting::VARCHAR END
        AS "Easting",
    CASE WHEN fire.property_category = 'Dwelling' THEN (fire.northing // 1000) || '***' ELSE fire.northing::VARCHAR END
        AS "Northing",
    fire.incident_category AS "Incident Category",
    fire.property_category AS "Property Category",
    fire.is_primary AS "Is Primary Fire",
    fire.cause_of_fire AS "Cause of Fire",
    fire.is_chimney AS "Is Fire Confined to Chimney",
    fire.is_collision AS "Road Traffic Collision",
    fire.fatalities AS "Fire Fatalities",
    fire.casualties AS "Non-fatal Casualties",
    fire.rescues AS "Rescues"
FROM fire_incident AS fire
INNER JOIN file ON file.extract = 'fire_incidents' AND fire.month = (file.period || '-01')::DATE;

CREATE TABLE fdr_return_written AS
SELECT
    file.file_name,
    '1' || fire.incident_number AS position,
    fire.form AS "Form",
    fire.incident_number AS "Incident Number",
    written_date(fire.incident_date, file.date_style) AS "Date",
    fire.district_code AS "Local Authority",
    fire.property_category AS "Property Category",
    fire.is_primary AS "Is Primary Fire",
    fire.cause_of_fire AS "Cause of Fire",
    fire.is_chimney AS "Is Fire Confined to Chimney",
    fire.fatalities AS "Fire Fatalities",
    fire.casualties AS "Non-fatal Casualties",
    fire.rescues AS "Rescues",
    1 AS "Number of Fires"
FROM fire_incident AS fire
INNER JOIN file ON file.extract = 'fdr_return' AND fire.month = (file.period || '-01')::DATE
WHERE fire.form = 'FDR1'
UNION ALL
SELECT
    file.file_name,
    '2' || counted.district_code || lpad(kind.position::VARCHAR, 2, '0'),
    kind.form,
    NULL,
    NULL,
    counted.district_code,
    NULL,
    kind.is_primary,
    -- A total names the first motive of its kind.
    (SELECT arg_min(cause_of_fire, position) FROM fire_motives WHERE motive = kind.motive),
    kind.is_chimney,
    0,
    0,
    0,
    counted.rows
FROM fire_count AS counted
INNER JOIN fire_kind AS kind ON counted.kind = kind.kind
INNER JOIN file ON file.extract = 'fdr_return' AND counted.month = (file.period || '-01')::DATE
WHERE kind.form = 'FDR3';
