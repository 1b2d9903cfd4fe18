-- Drug users in treatment: each client has one treatment of one or two modalities; a file holds those of its twelve months.

CREATE TABLE drug_profile_slot AS FROM slots('drug_profiles');

CREATE TABLE drug_residence_slot AS FROM slots('drug_residences');

CREATE TABLE drug_client AS
WITH keyed AS (
    SELECT
        number,
        md5_number_lower('client|' || number) AS a,
        md5_number_upper('client|' || number) AS b
    FROM (SELECT unnest(range(2600)) AS number)
),

treated AS (
    SELECT
        *,
        DATE '2002-01-01' + (part(a, 0) * 3376 >> 16)::INTEGER AS first_day,
        -- A few leave within weeks; most stay for years.
        CASE WHEN chance(a, 1, 25) THEN 20 + below(b, 0, 75) ELSE 400 + below(b, 0, 1600) END AS days,
        chance(a, 2, 300) AS has_second_modality,
        below(a, 3, 24) AS gap
    FROM keyed
)

SELECT
    'C' || lpad(number::VARCHAR, 6, '0') AS client_id,
    first_day,
    first_day + days::INTEGER AS last_day,
    has_second_modality,
    first_day + (days // 2)::INTEGER AS first_ended,
    first_day + (days // 2 + gap)::INTEGER AS second_started,
    chance(b, 1, 15) AS is_repeated,
    CASE
        WHEN chance(b, 2, 450) THEN 'Treatment completed - drug free'
        WHEN chance(b, 3, 500) THEN 'Incomplete - dropped out'
        ELSE 'Transferred - in custody'
    END AS discharge_reason,
    profile.*,
    residence.area
FROM treated
INNER JOIN drug_profile_slot AS profile ON (part(b, 0) * 31 + part(b, 2)) % (SELECT count(*) FROM drug_profile_slot) = profile.slot
INNER JOIN drug_residence_slot AS residence
    ON (part(b, 1) * 31 + part(b, 3)) % (SELECT count(*) FROM drug_residence_slot) = residence.slot;

CREATE TABLE drug_treatment_written AS
WITH modalities AS (
    SELECT *, first_day AS starts, CASE WHEN has_second_modality THEN first_ended ELSE last_day END AS ends, 1 AS place
    FROM drug_client
    UNION ALL
    SELECT *, second_started, greatest(last_day, second_started), 2
    FROM drug_client
    WHERE has_second_modality
    UNION ALL
    -- The same client entered twice.
    SELECT *, first_day, CASE WHEN has_second_modality THEN first_ended ELSE last_day END, 3
    FROM drug_client
    WHERE is_repeated
),

windows AS (
    SELECT
        *,
        last_day((period || '-01')::DATE) AS until,
        (period || '-01')::DATE - INTERVAL 11 MONTH AS since
    FROM file
    WHERE extract = 'drug_treatment'
)

SELECT
    windows.file_name,
    client_id || place AS position,
    client_id AS "Client",
    'EM' || lpad((1 + substr(client_id, 2)::BIGINT % 6)::VARCHAR, 2, '0') AS "Agency",
    written_date(first_day - 7, windows.date_style) AS "Triage Date",
    modality AS "Modality",
    written_date(starts, windows.date_style) AS "Modality Start",
    CASE WHEN ends <= until THEN written_date(ends, windows.date_style) END AS "Modality End",
    CASE WHEN greatest(last_day, ends) <= until THEN written_date(greatest(last_day, ends), windows.date_style) END AS "Discharge Date",
    CASE WHEN greatest(last_day, ends) <= until THEN discharge_reason END AS "Discharge Reason",
    substance_1 AS "Problem Substance 1",
    substance_2 AS "Problem Substance 2",
    substance_3 AS "Problem Substance 3",
    area AS "DAT of Residence"
FROM modalities
INNER JOIN windows ON starts <= until AND ends >= since
-- A file that is sent again holds clients whose agency was late.
WHERE substr(client_id, 2)::BIGINT % 40 <> 0 OR windows.version = (
    SELECT max(version) FROM files WHERE extract = 'drug_treatment' AND period = windows.period
);
