-- Mid-year estimates by sex and age: parts of the district's estimate, in whole people that add up.

CREATE TABLE population_written AS
WITH parts AS (
    SELECT
        file.file_name,
        population.district_code,
        profile.sex,
        profile.age,
        profile.position AS part,
        population.population::BIGINT AS whole,
        sum(profile.weight::BIGINT) OVER (PARTITION BY file.file_name, population.district_code)::BIGINT AS total,
        sum(profile.weight::BIGINT) OVER (
            PARTITION BY file.file_name, population.district_code ORDER BY profile.position
        )::BIGINT AS until,
        whole * until // total - whole * (until - profile.weight::BIGINT) // total AS people
    FROM populations AS population
    INNER JOIN file
        ON file.extract = 'population' AND population.mid_year = file.period AND population.version = file.version
    INNER JOIN districts AS district USING (district_code)
    INNER JOIN age_profiles AS profile ON district.age_profile = profile.profile
),

summed AS (
    SELECT file_name, district_code, coalesce(sex, 'all') AS sex, coalesce(age, 'all') AS age, min(part) AS part, sum(people) AS people
    FROM parts
    GROUP BY GROUPING SETS (
        (file_name, district_code, sex, age),
        (file_name, district_code, sex),
        (file_name, district_code, age),
        (file_name, district_code)
    )
)

SELECT
    file_name,
    row_number() OVER (ORDER BY district_code, sex, age <> 'all', part) AS position,
    district_code AS "Area Code",
    sex AS "Sex",
    age AS "Age",
    people::BIGINT AS "Population"
FROM summed;
