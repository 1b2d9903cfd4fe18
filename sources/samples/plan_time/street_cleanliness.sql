-- Transects of the council, graded for four elements: three tranches a year, five wards in turn, thirty transects of each land use.
-- The shares below grade B are the national ones of 2007/08 by land use, a little better and better from year to year.

CREATE TABLE street_element AS
SELECT land_use, element, permille::BIGINT * 10 AS permille
FROM (UNPIVOT (SELECT land_use, litter, detritus, graffiti, flyposting FROM street_land_uses) ON litter, detritus, graffiti, flyposting
    INTO NAME element VALUE permille);

CREATE TABLE street_transect AS
SELECT
    tranche.period,
    (tranche.period || '-01')::DATE AS tranche_start,
    land_use.land_use,
    land_use.prefix || '-' || lpad((number + 1)::VARCHAR, 3, '0') AS site_reference,
    tranche.permille_of_national::BIGINT AS factor,
    tranche.legacy_grades = 'Y' AS is_legacy,
    land_use.not_applicable_permille::BIGINT AS not_applicable_permille,
    'street|' || tranche.period || '|' || land_use.land_use || '|' || number AS key,
    md5_number_lower(key) AS a,
    md5_number_upper(key) AS b
FROM street_tranches AS tranche
CROSS JOIN (SELECT *, unnest(range(transects::BIGINT)) AS number FROM street_land_uses) AS land_use
WHERE
    tranche.short_land_use IS DISTINCT FROM land_use.land_use
    OR land_use.number >= tranche.missing_transects::BIGINT;

-- Twice as many transects at B-, which count half, as at C and below: so a share of s% below grade B has s% at B- and s/2% below.
CREATE TABLE street_grade AS
WITH drawn AS (
    SELECT
        transect.*,
        element.element,
        md5_number_lower(transect.key || '|' || element.element) AS c,
        element.permille * transect.factor // 1000 AS failing
    FROM street_transect AS transect
    INNER JOIN street_element AS element USING (land_use)
)

SELECT
    key,
    element,
    CASE
        WHEN element IN ('graffiti', 'flyposting') AND chance(b, 1, not_applicable_permille) THEN 'NA'
        WHEN chance(c, 3, 4) THEN NULL
        WHEN part(c, 0) * 2000 < failing * 65536 THEN ['C', 'C', 'C-', 'C-', 'D'][below(c, 1, 5) + 1]
        WHEN part(c, 0) * 2000 < 3 * failing * 65536 THEN CASE WHEN is_legacy AND chance(c, 2, 400) THEN 'B/C' ELSE 'B-' END
        ELSE ['A', 'A', 'A', 'A-', 'B', 'B', 'B'][below(c, 1, 7) + 1]
    END AS grade
FROM drawn;

-- One of the surveyors writes small letters.
CREATE TABLE street_written AS
SELECT
    street_transect.*,
    chance(street_transect.b, 0, 120) AS is_lower,
    street_transect.tranche_start + below(street_transect.a, 0, 118)::INTEGER AS survey_date,
    ward.choice AS ward_code,
    max(grade) FILTER (element = 'litter') AS litter,
    max(grade) FILTER (element = 'detritus') AS detritus,
    max(grade) FILTER (element = 'graffiti') AS graffiti,
    max(grade) FILTER (element = 'flyposting') AS flyposting
FROM street_transect
INNER JOIN street_grade USING (key)
INNER JOIN (SELECT *, row_number() OVER (PARTITION BY period ORDER BY position) - 1 AS place FROM street_wards) AS ward
    ON street_transect.period = ward.period AND below(street_transect.a, 1, 5) = ward.place
GROUP BY ALL;

CREATE MACRO street_case(grade, is_lower) AS CASE WHEN is_lower THEN lower(grade) ELSE grade END;

CREATE TABLE street_cleanliness_written AS
SELECT
    file.file_name,
    transect.site_reference AS position,
    'Melton' AS "Authority",
    transect.site_reference AS "Site Ref",
    ((month(transect.tranche_start) + 8) % 12 // 4 + 1)::VARCHAR AS "Tranche",
    written_date(transect.survey_date, file.date_style) AS "Survey Date",
    below(transect.a, 2, 3) + 1 AS "Surveyor",
    transect.ward_code AS "Ward",
    transect.land_use AS "Land Use",
    street_case(transect.litter, transect.is_lower) AS "Litter",
    -- Where the extract put the elements into each other's columns.
    street_case(CASE WHEN file.code_style = 'swapped' THEN transect.flyposting ELSE transect.detritus END, transect.is_lower) AS "Detritus",
    street_case(transect.graffiti, transect.is_lower) AS "Graffiti",
    street_case(CASE WHEN file.code_style = 'swapped' THEN transect.detritus ELSE transect.flyposting END, transect.is_lower)
        AS "Fly-posting",
    CASE
        WHEN transect.flyposting = 'NA' THEN 'No surface to post on'
        WHEN transect.litter IS NULL OR transect.detritus IS NULL THEN 'Parked vehicles'
    END AS "NA Reason"
FROM street_written AS transect
INNER JOIN file ON file.extract = 'street_cleanliness' AND transect.period = file.period;
