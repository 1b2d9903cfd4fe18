-- The sample's crimes as each version of a month's file had them: the last version is what `crimes` makes, and each
-- restatement is undone in the versions before it.

CREATE TABLE crime AS FROM crimes(DATE '2003-04-01', DATE '2011-03-01');

CREATE TABLE restatement AS
SELECT
    (month || '-01')::DATE AS month,
    version::BIGINT AS version,
    change,
    from_code,
    to_code,
    -- Reclassified and added crimes are among those that count; no-crimed and removed ones are a series of their own.
    CASE WHEN change IN ('no_crimed', 'removed') THEN change ELSE 'counted' END AS series,
    sum(records::BIGINT) OVER (PARTITION BY month, to_code, series ORDER BY position)::BIGINT AS until,
    until - records::BIGINT AS start
FROM restatements;

CREATE TABLE restated_crime AS
SELECT
    ranked.crime_number,
    restatement.version,
    restatement.change,
    before.code AS first_code,
    before.title,
    before.written_with_subcode
FROM (
    SELECT *, row_number() OVER (PARTITION BY month, code, series ORDER BY a) - 1 AS rank
    FROM crime
) AS ranked
INNER JOIN restatement
    ON
        ranked.month = restatement.month
        AND ranked.code = restatement.to_code
        AND ranked.series = restatement.series
        AND ranked.rank >= restatement.start
        AND ranked.rank < restatement.until
LEFT JOIN offence AS before ON restatement.from_code = before.code;

CREATE TABLE delivered_crime AS
SELECT
    file.file_name,
    file.code_style,
    file.date_style,
    crime.* EXCLUDE (code, title, written_with_subcode, last_updated),
    coalesce(restated.version, 0) > file.version::BIGINT AS is_before,
    CASE WHEN is_before THEN restated.first_code ELSE crime.code END AS code,
    CASE WHEN is_before THEN restated.title ELSE crime.title END AS title,
    CASE WHEN is_before THEN restated.written_with_subcode ELSE crime.written_with_subcode END AS written_with_subcode,
    crime.series = 'no_crime' OR (crime.series = 'no_crimed' AND NOT is_before) AS is_no_crime,
    CASE
        WHEN restated.version IS NULL OR is_before THEN crime.last_updated
        ELSE crime.last_updated + (60 * (restated.version - 1))::INTEGER
    END AS last_updated
FROM crime
INNER JOIN file ON file.extract = 'recorded_crime' AND crime.month = (file.period || '-01')::DATE
LEFT JOIN restated_crime AS restated ON crime.crime_number = restated.crime_number
WHERE
    CASE restated.change
        WHEN 'added' THEN NOT is_before
        WHEN 'removed' THEN is_before
        ELSE true
    END;

CREATE TABLE recorded_crime_written AS FROM written_crimes('delivered_crime');
