-- Cases of the council's officer for anti-social behaviour: most of what the council passed on to the police, and its own.
-- Needs incidents.sql.

CREATE TABLE council_action_slot AS FROM slots('council_actions');

CREATE TABLE council_own_volume AS
SELECT
    category AS item,
    year,
    volume::BIGINT AS volume,
    'summer' AS season,
    200 AS jitter_permille,
    NULL AS first_month,
    NULL AS last_month
FROM (UNPIVOT (SELECT * EXCLUDE (position, place) FROM council_own_cases) ON COLUMNS('^\d{4}/\d\d$') INTO NAME year VALUE volume);

CREATE TABLE council_case AS
WITH own AS (
    SELECT
        item AS category,
        month,
        'own|' || item || '|' || month || '|' || number AS key,
        md5_number_lower('own|' || item || '|' || month || '|' || number) AS a
    FROM (SELECT item, month, unnest(range(rows)) AS number FROM by_month('council_own_volume'))
),

own_placed AS (
    SELECT
        own.key,
        own.category,
        own.month + below(own.a, 0, month.days)::INTEGER AS happened_on,
        place.locality,
        place.ward_code
    FROM own
    INNER JOIN month USING (month)
    INNER JOIN council_own_cases AS volume ON own.category = volume.category
    INNER JOIN place_slot AS place
        ON
            volume.place = place.choice
            AND below(own.a, 1, (SELECT count(*) FROM place_slot AS every WHERE every.choice = volume.place)) = place.slot
),

-- What came to the police by way of the council, but for some.
passed_on AS (
    SELECT
        'passed|' || incident.key AS key,
        council_categories.category,
        incident.created_date - below(md5_number_upper(incident.key || '|council'), 0, 2)::INTEGER AS happened_on,
        incident.locality,
        incident.ward_code
    FROM incident
    INNER JOIN council_categories USING (closing_category)
    WHERE
        incident.series = 'counted'
        AND incident.source_text = 'Council'
        AND incident.month >= DATE '2007-04-01'
        AND chance(md5_number_lower(incident.key || '|council'), 0, 850)
),

every_case AS (
    SELECT * FROM own_placed
    UNION ALL
    SELECT * FROM passed_on
),

drawn AS (
    SELECT
        *,
        md5_number_lower(key || '|case') AS a,
        md5_number_upper(key || '|case') AS b
    FROM every_case
),

received AS (
    SELECT
        *,
        happened_on + below(a, 0, 3)::INTEGER AS received_on
    FROM drawn
)

SELECT
    *,
    date_trunc('month', received_on)::DATE AS month,
    received_on + (2 + below(a, 1, 60))::INTEGER AS closed_on,
    'ASB/' || strftime(received_on, '%y') || '/'
    || lpad((row_number() OVER (PARTITION BY year(received_on) ORDER BY received_on, key))::VARCHAR, 4, '0') AS case_reference
FROM received;

CREATE TABLE asb_case_listed AS
SELECT month AS listed_in, CASE WHEN closed_on <= last_day(month) THEN 'Closed' ELSE 'Open' END AS status, * FROM council_case
UNION ALL
-- Now and then a case is opened again two months later, and is listed again.
SELECT (month + INTERVAL 2 MONTH)::DATE, 'Reopened', * FROM council_case WHERE chance(b, 0, 15);

CREATE TABLE asb_cases_written AS
SELECT
    file.file_name,
    listed.case_reference AS position,
    listed.case_reference AS "Case Ref",
    written_date(listed.received_on, file.date_style) AS "Received",
    -- Nobody asked when it happened, and the day of receipt stands for it.
    CASE WHEN NOT chance(listed.b, 1, 120) THEN written_date(listed.happened_on, file.date_style) END AS "Incident Date",
    listed.category AS "Category",
    listed.locality AS "Street",
    CASE WHEN NOT chance(listed.b, 2, 60) THEN listed.locality END AS "Locality",
    CASE
        WHEN chance(listed.a, 2, 40) THEN 'Melton'
        WHEN chance(listed.a, 2, 400) THEN ward.short_name
        ELSE ward.name
    END AS "Ward",
    'ASB officer' AS "Officer",
    listed.status AS "Status",
    'C' || lpad((1 + below(listed.a, 3, 900))::VARCHAR, 4, '0') AS "Complainant ID",
    CASE WHEN listed.status = 'Closed' THEN written_date(listed.closed_on, file.date_style) END AS "Closed",
    action.action AS "Action",
    CASE WHEN chance(listed.b, 3, 300) THEN 'E-mail' ELSE 'Telephone' END AS "Source"
FROM asb_case_listed AS listed
INNER JOIN council_wards AS ward USING (ward_code)
INNER JOIN council_action_slot AS action ON below(listed.b, 2, 100) = action.slot
INNER JOIN file ON file.extract = 'asb_cases' AND listed.listed_in = (file.period || '-01')::DATE;
