-- Episodes of hospital care of a primary care trust's residents, with diagnoses to which alcohol contributes in most of them.

CREATE TABLE admission_volume AS
SELECT
    district_code AS item,
    year,
    volume::BIGINT AS volume,
    'flat' AS season,
    60 AS jitter_permille,
    NULL AS first_month,
    NULL AS last_month
FROM (UNPIVOT (SELECT * EXCLUDE (position) FROM admission_volumes) ON COLUMNS('^\d{4}/\d\d$') INTO NAME year VALUE volume);

CREATE TABLE admission_kind_slot AS FROM slots('admission_kinds');

CREATE TABLE admission_provider_slot AS FROM slots('admission_providers');

CREATE MACRO written_diagnosis(code, style) AS CASE
    WHEN code IS NULL OR code = '' THEN NULL
    WHEN style = 'dotted' AND length(code) = 4 THEN left(code, 3) || '.' || right(code, 1)
    WHEN style = 'dashed' AND length(code) = 3 THEN code || '-'
    WHEN style = 'plain' AND length(code) = 3 THEN code || 'X'
    ELSE code
END;

CREATE TABLE admission AS
WITH keyed AS (
    SELECT
        item AS district_code,
        month,
        'admission|' || item || '|' || month || '|' || number AS key,
        md5_number_lower(key) AS a,
        md5_number_upper(key) AS b,
        md5_number_lower(key || '|') AS c
    FROM (SELECT item, month, unnest(range(rows)) AS number FROM by_month('admission_volume'))
)

SELECT
    keyed.district_code,
    keyed.key,
    date_trunc('quarter', keyed.month)::DATE AS quarter,
    keyed.month + below(b, 0, month.days)::INTEGER AS admission_date,
    kind.*,
    kind.from_age::BIGINT + below(a, 1, kind.ages::BIGINT) AS age,
    CASE WHEN chance(a, 2, kind.male_permille::BIGINT) THEN 1 ELSE 2 END AS sex,
    provider.provider_code,
    below(b, 2, 9) AS days_in_hospital,
    chance(b, 1, 120) AS has_second_episode,
    chance(b, 3, 20) AS is_late,
    chance(c, 0, 3) AS age_is_starred,
    chance(c, 1, 15) AS has_outward_postcode_only,
    chance(c, 2, 4) AS lives_elsewhere,
    chance(c, 3, 150) AS is_day_case
FROM keyed
INNER JOIN month ON keyed.month = month.month
INNER JOIN admission_kind_slot AS kind ON below(a, 0, (SELECT count(*) FROM admission_kind_slot)) = kind.slot
INNER JOIN admission_provider_slot AS provider
    ON below(a, 3, (SELECT count(*) FROM admission_provider_slot)) = provider.slot;

CREATE TABLE hospital_admissions_written AS
WITH episodes AS (
    SELECT *, 1 AS episode_order FROM admission
    UNION ALL
    SELECT *, 2 AS episode_order FROM admission
    WHERE has_second_episode
),

numbered AS (
    SELECT *, 500000000 + row_number() OVER (ORDER BY admission_date, key, episode_order) AS episode_id
    FROM episodes
)

SELECT
    file.file_name,
    numbered.episode_id AS position,
    numbered.episode_id AS "EPIKEY",
    written_date(admission_date, file.date_style) AS "ADMIDATE",
    written_date(admission_date + (episode_order - 1)::INTEGER, file.date_style) AS "EPISTART",
    episode_order AS "EPIORDER",
    CASE WHEN is_day_case THEN '11' ELSE '21' END AS "ADMIMETH",
    CASE WHEN is_day_case THEN 2 ELSE 1 END AS "CLASSPAT",
    written_diagnosis(diagnosis_1, file.code_style) AS "DIAG_01",
    written_diagnosis(diagnosis_2, file.code_style) AS "DIAG_02",
    written_diagnosis(diagnosis_3, file.code_style) AS "DIAG_03",
    NULL AS "DIAG_04",
    NULL AS "DIAG_05",
    NULL AS "DIAG_06",
    NULL AS "DIAG_07",
    NULL AS "DIAG_08",
    NULL AS "DIAG_09",
    NULL AS "DIAG_10",
    NULL AS "DIAG_11",
    NULL AS "DIAG_12",
    NULL AS "DIAG_13",
    NULL AS "DIAG_14",
    NULL AS "DIAG_15",
    NULL AS "DIAG_16",
    NULL AS "DIAG_17",
    NULL AS "DIAG_18",
    NULL AS "DIAG_19",
    NULL AS "DIAG_20",
    written_diagnosis(cause, file.code_style) AS "CAUSE",
    sex AS "SEX",
    CASE WHEN age_is_starred THEN '*' ELSE age::VARCHAR END AS "STARTAGE",
    CASE WHEN has_outward_postcode_only THEN NULL WHEN lives_elsewhere THEN 'E06000016' ELSE numbered.district_code END AS "RESLADST",
    CASE WHEN numbered.district_code = 'E07000133' THEN 'LE13' END AS "POSTOUT",
    provider_code AS "PROCODE",
    written_date(admission_date + (1 + days_in_hospital)::INTEGER, file.date_style) AS "DISDATE"
FROM numbered
INNER JOIN file ON file.extract = 'hospital_admissions' AND numbered.quarter = (file.period || '-01')::DATE
-- A quarter that is sent again holds episodes that had come in late.
WHERE NOT numbered.is_late OR file.version = (
    SELECT max(version) FROM files WHERE extract = 'hospital_admissions' AND period = file.period
);
