-- Cases of domestic abuse heard by the conference of Melton and Rutland, one sheet a month. Most pairs are new; the others were
-- referred before, as a rule within a year.

CREATE TABLE marac_volume AS
SELECT
    district_code AS item,
    year,
    volume::BIGINT AS volume,
    'domestic' AS season,
    250 AS jitter_permille,
    NULL AS first_month,
    NULL AS last_month
FROM (UNPIVOT (SELECT * EXCLUDE (position) FROM marac_volumes) ON COLUMNS('^\d{4}/\d\d$') INTO NAME year VALUE volume);

CREATE TABLE marac_agency_slot AS FROM slots('marac_agencies');

-- The third Wednesday.
CREATE MACRO marac_meeting(month) AS month + ((3 - isodow(month) + 7) % 7 + 14)::INTEGER;

CREATE TABLE marac_case AS
WITH keyed AS (
    SELECT
        *,
        'marac|' || district_code || '|' || month || '|' || number AS key,
        md5_number_lower(key) AS a,
        md5_number_upper(key) AS b,
        marac_meeting(month) - (3 + below(a, 0, 25))::INTEGER AS referred_on
    FROM (
        SELECT item AS district_code, month, unnest(range(rows)) AS number
        FROM by_month('marac_volume')
    )
),

ordered AS (
    SELECT *, row_number() OVER (PARTITION BY district_code ORDER BY referred_on, key) AS place
    FROM keyed
),

numbered AS (
    SELECT
        *,
        place > 8 AND chance(a, 1, 200) AS is_repeat,
        sum(CASE WHEN place > 8 AND chance(a, 1, 200) THEN 0 ELSE 1 END)
            OVER (PARTITION BY district_code ORDER BY place)::BIGINT AS pairs_until
    FROM ordered
),

paired AS (
    SELECT
        *,
        right(district_code, 2)
        || lpad((CASE WHEN is_repeat THEN greatest(pairs_until - 5 - below(b, 0, 34), 1) ELSE pairs_until END)::VARCHAR, 3, '0')
            AS pair
    FROM numbered
)

SELECT
    month,
    'MR/' || lpad((row_number() OVER (ORDER BY month, referred_on, key))::VARCHAR, 4, '0') AS case_number,
    'V' || pair AS victim_id,
    'P' || pair AS perpetrator_id,
    agency.agency,
    referred_on,
    -- Typed by hand: now and then wrong, now and then forgotten.
    CASE WHEN chance(b, 1, 25) THEN NULL ELSE yes_no(is_repeat <> chance(b, 2, 40)) END AS repeat_typed,
    below(b, 3, 4) AS children,
    district_code,
    chance(a, 2, 150) AS is_late
FROM paired
INNER JOIN marac_agency_slot AS agency ON below(a, 3, (SELECT count(*) FROM marac_agency_slot)) = agency.slot
UNION ALL
SELECT
    (period || '-01')::DATE,
    case_number,
    victim_id,
    perpetrator_id,
    agency,
    referred_on::DATE,
    repeat_typed,
    children::BIGINT,
    district_code,
    false
FROM marac_planted;

CREATE TABLE marac_cases_written AS
SELECT
    file.file_name,
    sheet.case_number AS position,
    sheet.case_number AS "Case No",
    written_date(marac_meeting(sheet.month), file.date_style) AS "Meeting",
    sheet.victim_id AS "Victim ID",
    sheet.perpetrator_id AS "Perpetrator ID",
    sheet.agency AS "Referral Agency",
    written_date(sheet.referred_on, file.date_style) AS "Referred On",
    sheet.repeat_typed AS "Repeat",
    sheet.children AS "Children",
    sheet.district_code AS "Area"
FROM marac_case AS sheet
INNER JOIN file ON file.extract = 'marac_cases' AND sheet.month = (file.period || '-01')::DATE
-- A sheet that is sent again holds cases that the first one had forgotten.
WHERE NOT sheet.is_late OR file.version = (
    SELECT max(version) FROM files WHERE extract = 'marac_cases' AND period = file.period
);
