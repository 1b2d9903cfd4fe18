-- Attendances after an assault, as emergency departments share them from October 2008; a second department joins a year later.

CREATE TABLE assault_volume AS
SELECT
    item,
    year,
    volume::BIGINT AS volume,
    'night_economy' AS season,
    120 AS jitter_permille,
    CASE WHEN year = '2008/09' THEN '2008-10' END AS first_month,
    NULL AS last_month
FROM (UNPIVOT (SELECT * EXCLUDE (position) FROM assault_volumes) ON COLUMNS('^\d{4}/\d\d$') INTO NAME year VALUE volume);

CREATE TABLE assault_place_slot AS FROM slots('assault_places');

CREATE TABLE assault_weapon_slot AS FROM slots('assault_weapons');

CREATE TABLE assault_attendances_written AS
WITH keyed AS (
    SELECT
        month,
        'assault|' || month || '|' || number AS key,
        md5_number_lower(key) AS a,
        md5_number_upper(key) AS b
    FROM (SELECT month, unnest(range(rows)) AS number FROM by_month('assault_volume'))
),

dated AS (
    SELECT
        keyed.*,
        keyed.month + below(a, 0, month.days)::INTEGER AS arrival_date,
        -- Two of three between nine in the evening and six in the morning.
        CASE WHEN chance(a, 1, 660) THEN (1260 + below(a, 2, 540)) % 1440 ELSE 360 + below(a, 2, 900) END AS minute
    FROM keyed
    INNER JOIN month ON keyed.month = month.month
)

SELECT
    file.file_name,
    row_number() OVER (ORDER BY dated.arrival_date, dated.key) AS position,
    'AE' || lpad((row_number() OVER (ORDER BY dated.arrival_date, dated.key))::VARCHAR, 6, '0') AS "Attendance ID",
    written_date(dated.arrival_date, file.date_style) AS "Arrival Date",
    lpad((minute // 60)::VARCHAR, 2, '0') || ':' || lpad((minute % 60)::VARCHAR, 2, '0') AS "Arrival Time",
    written_date(dated.arrival_date - (minute < 120)::INTEGER, file.date_style) AS "Assault Date",
    CASE
        WHEN chance(b, 0, 850)
            THEN lpad(((minute + 1380) % 1440 // 60)::VARCHAR, 2, '0') || ':' || lpad((minute % 60)::VARCHAR, 2, '0')
    END AS "Assault Time",
    place.location_text AS "Location",
    weapon.weapon AS "Weapon",
    weapon.assailant AS "Assailant",
    CASE WHEN chance(b, 1, 920) THEN yes_no(chance(b, 2, 620)) END AS "Alcohol",
    CASE WHEN chance(b, 3, 900) THEN yes_no(part(a, 3) % 100 < 38) END AS "Police Told",
    CASE
        WHEN dated.month >= DATE '2009-10-01' AND part(a, 3) % 3 = 0 THEN 'Kettering General Hospital'
        ELSE 'Leicester Royal Infirmary'
    END AS "Department"
FROM dated
INNER JOIN file ON file.extract = 'assault_attendances' AND dated.month = (file.period || '-01')::DATE
INNER JOIN assault_place_slot AS place ON (part(b, 0) * 31 + part(b, 1)) % (SELECT count(*) FROM assault_place_slot) = place.slot
INNER JOIN assault_weapon_slot AS weapon ON (part(b, 2) * 31 + part(b, 3)) % (SELECT count(*) FROM assault_weapon_slot) = weapon.slot;
