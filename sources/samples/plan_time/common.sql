-- What every feed's generator stands on. A draw is a part of the md5 of a row's key, so that it depends on nothing else: not on
-- threads, machine, row order or version of DuckDB. All arithmetic is of whole numbers, for the same reason.

CREATE MACRO part(bits, place) AS ((bits >> (16 * place)) & 65535)::BIGINT;

CREATE MACRO below(bits, place, bound) AS (part(bits, place) * bound) >> 16;

CREATE MACRO chance(bits, place, permille) AS part(bits, place) * 1000 < permille * 65536;

CREATE MACRO around(bits, place, radius) AS ((part(bits, place) - 32768) * radius) >> 15;

CREATE MACRO yes_no(value) AS CASE WHEN value THEN 'Y' ELSE 'N' END;

CREATE MACRO written_date(day, style) AS CASE style
    WHEN 'dmony' THEN strftime(day, '%d-%b-%Y')
    WHEN 'mdy' THEN strftime(day, '%m/%d/%Y')
    WHEN 'serial' THEN (day - DATE '1899-12-30')::VARCHAR
    WHEN 'cell' THEN strftime(day, '%Y-%m-%d')
    ELSE strftime(day, '%d/%m/%Y')
END;

CREATE TABLE month AS
SELECT
    day::DATE AS month,
    strftime(day, '%Y-%m') AS month_label,
    month(day) AS month_of_year,
    year(day) AS calendar_year,
    CASE WHEN month(day) < 4 THEN year(day) - 1 ELSE year(day) END AS first_year,
    first_year || '/' || lpad(((first_year + 1) % 100)::VARCHAR, 2, '0') AS financial_year,
    date_diff('day', day::DATE, (day + INTERVAL 1 MONTH)::DATE) AS days
FROM range(DATE '2000-01-01', DATE '2011-04-01', INTERVAL 1 MONTH) AS months(day);

CREATE TABLE season AS
SELECT season, month_of_year, weight::BIGINT AS weight
FROM (
    UNPIVOT seasons ON jan, feb, mar, apr, may, jun, jul, aug, sep, oct, nov, dec INTO NAME month_name VALUE weight
)
INNER JOIN (
    SELECT
        unnest(['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']) AS month_name,
        unnest(range(1, 13)) AS month_of_year
) USING (month_name);

-- A year's volume in whole numbers on its months, by season and chance; the months always add up to the volume.
-- `volumes` is a table (item, year, volume, season, jitter_permille, first_month, last_month); a year is financial (2007/08) or
-- calendar (2007), and the months bound where in it the item occurs at all.
CREATE MACRO by_month(volumes) AS TABLE
WITH weighed AS (
    SELECT
        volumes.item,
        volumes.year,
        volumes.volume,
        month.month,
        season.weight * (1000 + around(md5_number_lower(item || '|' || month.month), 0, volumes.jitter_permille)) AS weight
    FROM query_table(volumes) AS volumes
    INNER JOIN month ON volumes.year IN (month.financial_year, month.calendar_year::VARCHAR)
    INNER JOIN season ON volumes.season = season.season AND month.month_of_year = season.month_of_year
    WHERE
        month.month_label >= coalesce(volumes.first_month, '')
        AND month.month_label <= coalesce(volumes.last_month, '9999')
),

summed AS (
    SELECT
        *,
        sum(weight) OVER (PARTITION BY item, year)::BIGINT AS total,
        sum(weight) OVER (PARTITION BY item, year ORDER BY month)::BIGINT AS until,
        -- Where rare items fall differs from item to item.
        part(md5_number_upper(item || '|' || year), 1) AS start
    FROM weighed
)

SELECT
    item,
    month,
    (volume * until + start * total // 65536) // total - (volume * (until - weight) + start * total // 65536) // total AS rows
FROM summed;

-- Weighted choices as one row for each unit of weight, so that a choice is an equality join.
CREATE MACRO slots(choices) AS TABLE
SELECT * EXCLUDE (weight), row_number() OVER (PARTITION BY choice ORDER BY position, unit) - 1 AS slot
FROM (
    SELECT *, unnest(range(weight::BIGINT)) AS unit
    FROM query_table(choices)
);

-- One row a delivery.
CREATE TABLE file AS
SELECT
    files.*,
    extracts.feed,
    extracts.zip_stem,
    extracts.sheet,
    replace(extracts.file_stem, '{period}', files.period)
    || CASE WHEN files.version = '1' THEN '' ELSE '-v' || files.version END || '.' || files.file_format AS file_name
FROM files
INNER JOIN extracts ON files.extract = extracts.extract;
