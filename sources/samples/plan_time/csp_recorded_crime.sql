-- Quarterly counts by partnership and offence. Melton's are those of the records as they were first delivered, so they agree
-- wherever no month was restated since. Needs recorded_crime_versions.sql.

CREATE TABLE csp_volume AS
SELECT
    district.csp_name || '|' || volume.item AS item,
    volume.year,
    (volume.volume * district.crime_permille::BIGINT + 500) // 1000 AS volume,
    volume.season,
    200 AS jitter_permille,
    volume.first_month,
    volume.last_month
FROM crime_volume AS volume
INNER JOIN districts AS district ON district.stats19_code <> '365'
WHERE volume.year >= '2008/09';

CREATE TABLE csp_count AS
WITH counted AS (
    SELECT
        split_part(item, '|', 1) AS csp_name,
        split_part(item, '|', 2) AS code,
        date_trunc('quarter', month)::DATE AS quarter,
        sum(rows)::BIGINT AS offences
    FROM by_month('csp_volume')
    GROUP BY ALL
    UNION ALL
    SELECT
        (SELECT csp_name FROM districts WHERE stats19_code = '365') AS csp_name,
        code,
        date_trunc('quarter', month)::DATE AS quarter,
        count(*) AS offences
    FROM delivered_crime
    INNER JOIN file USING (file_name)
    WHERE file.version = '1' AND NOT is_no_crime
    GROUP BY ALL
)

-- Every code of the time is listed, those without offences too.
SELECT
    district.csp_name,
    offence.code,
    strftime(quarters.quarter, '%Y-%m') AS period,
    coalesce(counted.offences, 0) AS offences
FROM districts AS district
CROSS JOIN offence
CROSS JOIN (SELECT (period || '-01')::DATE AS quarter FROM file WHERE extract = 'csp_recorded_crime' AND version = '1') AS quarters
LEFT JOIN counted
    ON district.csp_name = counted.csp_name AND offence.code = counted.code AND quarters.quarter = counted.quarter
WHERE
    offence."2010/11" IS NOT NULL
    AND strftime(quarters.quarter + INTERVAL 2 MONTH, '%Y-%m') >= coalesce(offence.first_month, '')
    AND strftime(quarters.quarter, '%Y-%m') <= coalesce(offence.last_month, '9999');

CREATE TABLE csp_recorded_crime_written AS
SELECT
    file.file_name,
    row_number() OVER (ORDER BY district.position, offences.position) AS position,
    month.financial_year AS "Financial Year",
    (month.month_of_year + 8) % 12 // 3 + 1 AS "Financial Quarter",
    'Leicestershire' AS "Force Name",
    csp_count.csp_name AS "CSP Name",
    offences.title AS "Offence Description",
    offences.offence_group AS "Offence Group",
    offences.offence_subgroup AS "Offence Subgroup",
    csp_count.code AS "Offence Code",
    CASE
        -- A file of the kind that was saved from formatted cells.
        WHEN file.code_style = 'thousands' AND abs(counted) >= 1000
            THEN (counted // 1000) || ',' || lpad((counted % 1000)::VARCHAR, 3, '0') || ' '
        WHEN file.code_style = 'thousands' THEN counted || ' '
        ELSE counted::VARCHAR
    END AS "Number of Offences"
FROM (
    SELECT
        csp_count.*,
        delivered.file_name,
        csp_count.offences
        + coalesce((
            SELECT sum(adjustment.offences::BIGINT)
            FROM csp_adjustments AS adjustment
            WHERE
                adjustment.period = csp_count.period
                AND adjustment.csp_name = csp_count.csp_name
                AND adjustment.offence_code = csp_count.code
                AND adjustment.version::BIGINT <= delivered.version::BIGINT
        ), 0)::BIGINT AS counted
    FROM csp_count
    INNER JOIN file AS delivered
        ON delivered.extract = 'csp_recorded_crime' AND csp_count.period = delivered.period
) AS csp_count
INNER JOIN file ON csp_count.file_name = file.file_name
INNER JOIN month ON csp_count.period = month.month_label
INNER JOIN offences ON csp_count.code = offences.code
INNER JOIN districts AS district ON csp_count.csp_name = district.csp_name;
