-- Answers to surveys. Each respondent has one leaning, which pulls the answers the way they hang together; for each question the
-- respondents are ranked by leaning and chance, and the ranks are cut so that the listed shares (per mille) come out exactly.

CREATE TABLE survey_respondent AS
WITH keyed AS (
    SELECT
        *,
        'survey|' || extract || '|' || period || '|' || number AS key,
        md5_number_lower(key) AS a,
        md5_number_upper(key) AS b
    FROM (
        SELECT
            extract,
            period,
            respondents::BIGINT AS respondents,
            people_each::BIGINT AS people_each,
            years::BIGINT AS years,
            unnest(range(respondents::BIGINT)) AS number
        FROM survey_waves
    )
),

grouped AS (
    SELECT
        *,
        [6, 8, 10][number % 3 + 1] AS year_group,
        CASE WHEN chance(a, 2, 220) THEN '16-34' WHEN chance(a, 3, 600) THEN '35-64' ELSE '65 and over' END AS age_band,
        (row_number() OVER (PARTITION BY extract, period ORDER BY part(b, 1), key) - 1) * 100 // respondents AS weight_slot
    FROM keyed
)

SELECT
    *,
    -- Their mean is exactly one thousand where the number of respondents divides by a hundred, and nearly so elsewhere.
    CASE
        WHEN weight_slot < 20 THEN 600 WHEN weight_slot < 45 THEN 800 WHEN weight_slot < 65 THEN 1000
        WHEN weight_slot < 85 THEN 1200 ELSE 1600
    END AS weight_permille,
    around(a, 0, 20000) + around(a, 1, 12000)
    + CASE
        WHEN extract = 'young_people_survey' THEN (year_group - 8) * 7000
        WHEN extract = 'asb_satisfaction' THEN CASE age_band WHEN '16-34' THEN -9000 WHEN '35-64' THEN 0 ELSE 8000 END
        ELSE 0
    END AS leaning,
    18 + below(b, 0, 50) + below(b, 2, 24) AS age
FROM grouped;

CREATE TABLE survey_answer AS
WITH drawn AS (
    SELECT
        respondent.extract,
        respondent.period,
        respondent.number,
        respondent.respondents,
        respondent.years,
        question.* EXCLUDE (extract, position),
        md5_number_lower(respondent.key || '|' || question.question) AS c,
        respondent.leaning * question.latent::BIGINT
        + around(c, 0, 32768) * (1000 - abs(question.latent::BIGINT)) AS score
    FROM survey_respondent AS respondent
    INNER JOIN survey_questions AS question USING (extract)
),

ranked AS (
    SELECT
        *,
        (row_number() OVER (PARTITION BY extract, period, question ORDER BY score, number) - 1) * 1000 // respondents
        - years * yearly::BIGINT AS place
    FROM drawn
)

SELECT
    extract,
    period,
    number,
    question,
    CASE
        WHEN chance(c, 1, blank::BIGINT) THEN CASE WHEN number % 2 = 0 THEN '-1' END
        WHEN chance(c, 2, dont_know::BIGINT) THEN '8'
        WHEN chance(c, 3, refused::BIGINT) THEN '9'
        WHEN place < code_1::BIGINT THEN '1'
        WHEN place < code_1::BIGINT + code_2::BIGINT THEN '2'
        WHEN place < code_1::BIGINT + code_2::BIGINT + code_3::BIGINT THEN '3'
        WHEN place < code_1::BIGINT + code_2::BIGINT + code_3::BIGINT + code_4::BIGINT THEN '4'
        -- The last answer of the scale takes what the shares leave.
        WHEN code_4::BIGINT > 0 AND code_1::BIGINT + code_2::BIGINT + code_3::BIGINT + code_4::BIGINT < 1000 THEN '5'
        WHEN code_4::BIGINT > 0 THEN '4'
        ELSE '2'
    END AS code
FROM ranked;

CREATE TABLE survey_sheet AS
SELECT
    file.file_name,
    file.version,
    file.date_style,
    file.code_style,
    respondent.*,
    lpad(respondent.number::VARCHAR, 5, '0') AS position,
    -- First weights have a mean of one, final ones sum to people.
    CASE file.code_style
        WHEN 'people' THEN (respondent.weight_permille * respondent.people_each / 1000)::DECIMAL(12, 1)::VARCHAR
        ELSE (respondent.weight_permille / 1000)::DECIMAL(6, 3)::VARCHAR
    END AS weight
FROM survey_respondent AS respondent
INNER JOIN file ON respondent.extract = file.extract AND respondent.period = file.period;

CREATE MACRO survey_codes(survey) AS TABLE
SELECT period, number, map_from_entries(list((question, code) ORDER BY question)) AS codes
FROM survey_answer
WHERE extract = survey
GROUP BY period, number;

CREATE TABLE place_survey_written AS
SELECT
    file_name,
    position,
    'R' || position AS "Respondent",
    'E07000133' AS "District",
    CASE WHEN chance(b, 3, 640) THEN 'postal' WHEN chance(a, 2, 900) THEN 'reminder' ELSE 'online' END AS "Mode",
    CASE WHEN chance(a, 3, 985) THEN age END AS "Age",
    codes['Noisy neighbours'] AS "Noisy neighbours",
    codes['Teenagers'] AS "Teenagers",
    codes['Litter'] AS "Litter",
    codes['Vandalism'] AS "Vandalism",
    codes['Drugs'] AS "Drugs",
    codes['Drunk or rowdy'] AS "Drunk or rowdy",
    codes['Abandoned cars'] AS "Abandoned cars",
    codes['Lack of respect'] AS "Lack of respect",
    codes['Parents'] AS "Parents",
    codes['Dealing'] AS "Dealing",
    codes['Seek views'] AS "Seek views",
    weight AS "Weight"
FROM survey_sheet
INNER JOIN survey_codes('place_survey') USING (period, number)
WHERE extract = 'place_survey';

CREATE TABLE user_survey_written AS
SELECT
    file_name,
    position,
    'I' || position AS "Interview",
    codes['Noisy neighbours'] AS "Noisy neighbours",
    codes['Teenagers'] AS "Teenagers",
    codes['Litter'] AS "Litter",
    codes['Vandalism'] AS "Vandalism",
    codes['Drugs'] AS "Drugs",
    codes['Drunk or rowdy'] AS "Drunk or rowdy",
    codes['Abandoned cars'] AS "Abandoned cars",
    codes['Dealing'] AS "Dealing",
    codes['Seek views'] AS "Seek views",
    weight AS "Weight"
FROM survey_sheet
INNER JOIN survey_codes('user_survey') USING (period, number)
WHERE extract = 'user_survey';

CREATE TABLE fear_of_crime_survey_written AS
SELECT
    file_name,
    position,
    'P' || position AS "Respondent",
    'E07000133' AS "District",
    CASE WHEN chance(a, 3, 970) THEN age END AS "Age",
    -- The first file of the second wave has one scale turned round.
    CASE
        WHEN code_style = 'reversed' AND codes['Safe after dark'] IN ('1', '2', '3', '4', '5')
            THEN (6 - codes['Safe after dark']::BIGINT)::VARCHAR
        ELSE codes['Safe after dark']
    END AS "Safe after dark",
    codes['Safe in the day'] AS "Safe in the day",
    codes['Safe at home'] AS "Safe at home",
    codes['Worry about crime'] AS "Worry about crime"
FROM survey_sheet
INNER JOIN survey_codes('fear_of_crime_survey') USING (period, number)
WHERE extract = 'fear_of_crime_survey';

CREATE TABLE asb_satisfaction_written AS
SELECT
    file_name,
    position,
    'C' || replace(period, '-', '') || position AS "Interview",
    written_date((period || '-01')::DATE + below(b, 2, 90)::INTEGER, date_style) AS "Interviewed",
    'E07000133' AS "District",
    CASE WHEN chance(b, 0, 20) THEN NULL WHEN chance(b, 1, 540) THEN 'female' ELSE 'male' END AS "Sex",
    CASE WHEN chance(b, 0, 970) THEN age_band END AS "Age band",
    CASE WHEN chance(b, 3, 30) THEN NULL WHEN chance(b, 3, 75) THEN 'minority ethnic' ELSE 'white' END AS "Ethnic group",
    codes['Satisfaction'] AS "Satisfaction"
FROM survey_sheet
INNER JOIN survey_codes('asb_satisfaction') USING (period, number)
WHERE extract = 'asb_satisfaction';

CREATE TABLE young_people_survey_written AS
SELECT
    file_name,
    position,
    'S' || position AS "Pupil",
    year_group AS "Year group",
    codes['Positive activity'] AS "Positive activity",
    codes['Drunk'] AS "Drunk",
    codes['Drugs'] AS "Drugs",
    codes['Volatile substances'] AS "Volatile substances",
    weight AS "Weight"
FROM survey_sheet
INNER JOIN survey_codes('young_people_survey') USING (period, number)
WHERE extract = 'young_people_survey';
