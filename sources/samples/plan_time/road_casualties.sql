-- Road casualties, one row each with the fields of the collision.

CREATE TABLE road_volume AS
SELECT
    stats19_code || '|' || severity AS item,
    year,
    volume::BIGINT AS volume,
    'winter' AS season,
    150 AS jitter_permille,
    NULL AS first_month,
    NULL AS last_month
FROM (UNPIVOT (SELECT * EXCLUDE (position) FROM road_casualties) ON COLUMNS('^\d{4}$') INTO NAME year VALUE volume);

CREATE TABLE age_choice AS SELECT *, 'any' AS choice FROM casualty_ages;

CREATE TABLE age_slot AS FROM slots('age_choice');

CREATE TABLE casualty_choice AS SELECT *, 'any' AS choice FROM casualty_kinds;

CREATE TABLE casualty_slot AS FROM slots('casualty_choice');

CREATE TABLE road_choice AS SELECT *, 'any' AS choice FROM road_kinds;

CREATE TABLE road_slot AS FROM slots('road_choice');

CREATE TABLE casualty AS
WITH keyed AS (
    SELECT
        split_part(item, '|', 1) AS stats19_code,
        split_part(item, '|', 2)::BIGINT AS severity,
        month,
        'casualty|' || item || '|' || month || '|' || number AS key,
        md5_number_lower(key) AS a,
        md5_number_upper(key) AS b,
        md5_number_lower(key || '|') AS c,
        md5_number_upper(key || '|') AS d
    FROM (SELECT item, month, unnest(range(rows)) AS number FROM by_month('road_volume'))
),

-- Three of four casualties are the first of their collision; the others were hurt in the one before.
ranked AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY stats19_code, month ORDER BY b, key) AS rank,
        rank = 1 OR chance(a, 0, 750) AS is_first
    FROM keyed
),

collided AS (
    SELECT
        *,
        max(CASE WHEN is_first THEN rank END) OVER (
            PARTITION BY stats19_code, month ORDER BY rank ROWS UNBOUNDED PRECEDING
        ) AS first_rank
    FROM ranked
),

placed AS (
    SELECT
        collided.*,
        month.calendar_year,
        first.key AS collision_key,
        collided.month + below(first.c, 0, month.days)::INTEGER AS collision_date,
        below(first.c, 1, 96) * 15 AS minute,
        district.easting::BIGINT + around(first.c, 2, district.radius::BIGINT) AS easting,
        district.northing::BIGINT + around(first.c, 3, district.radius::BIGINT) AS northing,
        below(first.d, 0, (SELECT count(*) FROM road_slot)) AS road_slot,
        below(collided.d, 1, (SELECT count(*) FROM age_slot)) AS age_slot,
        below(collided.d, 2, (SELECT count(*) FROM casualty_slot)) AS casualty_slot
    FROM collided
    INNER JOIN ranked AS first
        ON
            collided.stats19_code = first.stats19_code
            AND collided.month = first.month
            AND collided.first_rank = first.rank
    INNER JOIN month ON collided.month = month.month
    INNER JOIN districts AS district ON collided.stats19_code = district.stats19_code
)

SELECT
    placed.*,
    calendar_year || '33'
    || lpad((dense_rank() OVER (PARTITION BY calendar_year ORDER BY collision_date, collision_key))::VARCHAR, 5, '0')
        AS collision_reference,
    row_number() OVER (PARTITION BY collision_key ORDER BY rank) AS casualty_reference,
    -- Which of the casualties of a year, district and severity a restatement means.
    row_number() OVER (PARTITION BY calendar_year, placed.stats19_code, severity ORDER BY a, key) AS restated_rank,
    road.road_class,
    road.speed_limit,
    road.vehicles,
    casualty.casualty_class,
    casualty.casualty_type,
    CASE WHEN chance(a, 1, 580) THEN 1 ELSE 2 END AS sex,
    age.from_age::BIGINT + below(a, 2, age.ages::BIGINT) AS age
FROM placed
INNER JOIN road_slot AS road ON placed.road_slot = road.slot
INNER JOIN age_slot AS age ON placed.age_slot = age.slot
INNER JOIN casualty_slot AS casualty ON placed.casualty_slot = casualty.slot;

CREATE TABLE delivered_casualty AS
SELECT
    file.file_name,
    file.date_style,
    casualty.* EXCLUDE (severity),
    CASE
        WHEN file.version::BIGINT < restated.version::BIGINT AND casualty.restated_rank <= restated.records::BIGINT
            THEN restated.from_severity::BIGINT
        ELSE casualty.severity
    END AS severity
FROM casualty
INNER JOIN file ON file.extract = 'road_casualties' AND casualty.calendar_year::VARCHAR = file.period
LEFT JOIN road_restatements AS restated
    ON
        file.period = restated.period
        AND casualty.stats19_code = restated.stats19_code
        AND casualty.severity::VARCHAR = restated.to_severity;

CREATE TABLE road_casualties_written AS
SELECT
    file_name,
    collision_reference || lpad(casualty_reference::VARCHAR, 3, '0') AS position,
    collision_reference AS "Accident_Index",
    casualty_reference AS "Casualty_Reference",
    33 AS "Police_Force",
    min(severity) OVER (PARTITION BY file_name, collision_reference) AS "Accident_Severity",
    severity AS "Casualty_Severity",
    written_date(collision_date, date_style) AS "Date",
    lpad((minute // 60)::VARCHAR, 2, '0') || ':' || lpad((minute % 60)::VARCHAR, 2, '0') AS "Time",
    stats19_code::BIGINT AS "Local_Authority_(District)",
    -- Older files give places to ten metres.
    CASE WHEN calendar_year < 2005 THEN easting // 10 * 10 ELSE easting END AS "Location_Easting_OSGR",
    CASE WHEN calendar_year < 2005 THEN northing // 10 * 10 ELSE northing END AS "Location_Northing_OSGR",
    vehicles::BIGINT AS "Number_of_Vehicles",
    count(*) OVER (PARTITION BY file_name, collision_reference) AS "Number_of_Casualties",
    road_class::BIGINT AS "1st_Road_Class",
    speed_limit::BIGINT AS "Speed_limit",
    casualty_class::BIGINT AS "Casualty_Class",
    casualty_type::BIGINT AS "Casualty_Type",
    sex AS "Sex_of_Casualty",
    age AS "Age_of_Casualty"
FROM delivered_casualty;
