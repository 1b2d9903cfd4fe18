-- The probation caseload on the last day of each quarter: a predicted probability each, and re-offending somewhat below it as the years
-- go on. Some offenders are supervised in the county and live outside it.

CREATE TABLE probation_district_slot AS FROM slots('probation_districts');

CREATE TABLE probation_offender AS
WITH keyed AS (
    SELECT
        file.file_name,
        file.period,
        file.date_style,
        file.version,
        caseload.risk_permille::BIGINT AS risk_permille,
        unnest(range(caseload.offenders::BIGINT)) AS number,
        ((file.period || '-01')::DATE + INTERVAL 3 MONTH)::DATE - 1 AS snapshot_date,
        'probation|' || file.period || '|' || number AS key,
        md5_number_lower(key) AS a,
        md5_number_upper(key) AS b
    FROM file
    INNER JOIN month ON month.month_label = file.period
    INNER JOIN probation_caseloads AS caseload ON month.financial_year = caseload.year
    WHERE file.extract = 'probation_reoffending'
)

SELECT
    *,
    -- Most are unlikely to re-offend within three months, a few are likely.
    15 + below(a, 0, 110) + CASE WHEN chance(a, 1, 180) THEN below(a, 2, 240) ELSE 0 END AS predicted_permille,
    below(a, 3, (SELECT count(*) FROM probation_district_slot)) AS slot
FROM keyed;

CREATE TABLE probation_reoffending_written AS
SELECT
    offender.file_name,
    lpad(offender.number::VARCHAR, 5, '0') AS position,
    -- About a fifth of the caseload changes from one snapshot to the next.
    'N' || lpad((1000 + offender.number + 85 * date_diff('quarter', DATE '2007-04-01', (offender.period || '-01')::DATE))::VARCHAR, 5, '0')
        AS "Offender ID",
    written_date(offender.snapshot_date, offender.date_style) AS "Snapshot",
    1 + below(offender.b, 1, 4) AS "Tier",
    18 + below(offender.b, 2, 20) + below(offender.b, 3, 25) AS "Age",
    '0.' || lpad(offender.predicted_permille::VARCHAR, 3, '0') AS "Predicted Probability",
    -- Of a few it never becomes known.
    CASE
        WHEN below(offender.b, 1, 1000) > 12
            THEN yes_no(chance(offender.b, 0, offender.predicted_permille * offender.risk_permille // 1000))
    END AS "Re-offended",
    district.district_code AS "Residence"
FROM probation_offender AS offender
INNER JOIN probation_district_slot AS district ON offender.slot = district.slot;
