-- Young people with a disposal in Leicestershire and Rutland, and what they did in the twelve months after: as much of it as the
-- follow-up had seen when the file was sent.

CREATE TABLE yot_volume AS
SELECT
    kind AS item,
    year,
    volume::BIGINT AS volume,
    'flat' AS season,
    120 AS jitter_permille,
    NULL AS first_month,
    NULL AS last_month
FROM (UNPIVOT (SELECT * EXCLUDE (position) FROM yot_volumes) ON COLUMNS('^\d{4}/\d\d$') INTO NAME year VALUE volume);

CREATE TABLE yot_disposal_slot AS FROM slots('yot_disposals');

CREATE TABLE young_offender AS
WITH keyed AS (
    SELECT
        item AS kind,
        month,
        number,
        'yot|' || item || '|' || month || '|' || number AS key,
        md5_number_lower(key) AS a,
        md5_number_upper(key) AS b
    FROM (SELECT item, month, unnest(range(rows)) AS number FROM by_month('yot_volume'))
),

chosen AS (
    SELECT
        keyed.*,
        keyed.month + below(keyed.a, 0, month.days)::INTEGER AS cohort_date,
        below(keyed.a, 1, (SELECT count(*) FROM yot_disposal_slot WHERE choice = keyed.kind)) AS slot,
        -- More of those who were known before offend again, and more often.
        CASE WHEN chance(keyed.a, 2, CASE keyed.kind WHEN 'known' THEN 440 ELSE 210 END)
            THEN 1 + below(keyed.a, 3, 3) + below(keyed.b, 0, CASE keyed.kind WHEN 'known' THEN 3 ELSE 2 END)
            ELSE 0
        END AS in_12
    FROM keyed
    INNER JOIN month USING (month)
)

SELECT
    month,
    'Y' || lpad((row_number() OVER (ORDER BY cohort_date, key))::VARCHAR, 5, '0') AS person_id,
    cohort_date,
    disposal.disposal,
    17 - below(b, 1, 5) - CASE WHEN chance(b, 2, 80) THEN 2 ELSE 0 END AS age,
    yes_no(kind = 'entrant') AS first_time_entrant,
    in_12 * 3 // 10 AS in_3,
    in_12 * 6 // 10 AS in_6,
    in_12 * 8 // 10 AS in_9,
    in_12,
    1 + below(b, 3, 5) AS seriousness
FROM chosen
INNER JOIN yot_disposal_slot AS disposal ON chosen.kind = disposal.choice AND chosen.slot = disposal.slot
UNION ALL
SELECT
    date_trunc('month', cohort_date::DATE)::DATE,
    person_id,
    cohort_date::DATE,
    disposal,
    age::BIGINT,
    first_time_entrant,
    reoffences_3::BIGINT,
    reoffences_6::BIGINT,
    reoffences_9::BIGINT,
    reoffences_12::BIGINT,
    3
FROM yot_planted;

CREATE TABLE young_offenders_written AS
SELECT
    file.file_name,
    strftime(person.cohort_date, '%Y%m%d') || person.person_id AS position,
    person.person_id AS "Young Person ID",
    written_date(person.cohort_date, file.date_style) AS "Cohort Date",
    person.disposal AS "Disposal",
    person.age AS "Age",
    person.first_time_entrant AS "First-time Entrant",
    follow_up.months::BIGINT AS "Follow-up Months",
    CASE WHEN follow_up.months::BIGINT >= 3 THEN person.in_3 END AS "Re-offences 3m",
    CASE WHEN follow_up.months::BIGINT >= 6 THEN person.in_6 END AS "Re-offences 6m",
    CASE WHEN follow_up.months::BIGINT >= 9 THEN person.in_9 END AS "Re-offences 9m",
    CASE WHEN follow_up.months::BIGINT >= 12 THEN person.in_12 END AS "Re-offences 12m",
    person.seriousness AS "Seriousness"
FROM young_offender AS person
INNER JOIN file
    ON
        file.extract = 'young_offenders'
        AND date_trunc('quarter', person.month)::DATE = (file.period || '-01')::DATE
INNER JOIN yot_follow_up AS follow_up ON file.period = follow_up.period AND file.version = follow_up.version;
