-- The prolific and other priority offenders on the list on 1 April, so many in each district, with convictions before and after.

CREATE TABLE priority_district_slot AS FROM slots('priority_districts');

CREATE TABLE priority_offenders_written AS
WITH keyed AS (
    SELECT
        cohort.*,
        (left(cohort.period, 4) || '-04-01')::DATE AS frozen_on,
        place.slot,
        place.district_code,
        'priority|' || cohort.period || '|' || place.slot AS key,
        md5_number_lower(key) AS a,
        md5_number_upper(key) AS b
    FROM priority_cohorts AS cohort
    CROSS JOIN priority_district_slot AS place
),

convicted AS (
    SELECT
        period,
        version,
        is_followed_up,
        'M' || lpad((100 + slot + 60 * (year(frozen_on) - 2008))::VARCHAR, 4, '0') AS offender_id,
        frozen_on - (20 + below(a, 0, 900))::INTEGER AS on_list_since,
        1 + below(a, 1, 5) + below(a, 2, 3) AS convictions_before,
        -- Of each conviction before, so many have none to follow.
        convictions_before
        - len(list_filter(
            range(convictions_before), lambda n: chance(md5_number_lower(key || '|' || n), 0, fall_permille::BIGINT)
        )) AS convictions_after,
        district_code
    FROM keyed
    UNION ALL
    SELECT
        planted.period,
        cohort.version,
        cohort.is_followed_up,
        planted.offender_id,
        planted.on_list_since::DATE,
        planted.convictions_before::BIGINT,
        planted.convictions_after::BIGINT,
        planted.district_code
    FROM priority_planted AS planted
    INNER JOIN priority_cohorts AS cohort ON planted.period = cohort.period
)

SELECT
    file.file_name,
    convicted.offender_id AS position,
    convicted.offender_id AS "Offender ID",
    written_date(convicted.on_list_since, file.date_style) AS "On List Since",
    convicted.district_code AS "Residence",
    convicted.convictions_before AS "Convictions Before",
    CASE WHEN convicted.is_followed_up = 'yes' THEN convicted.convictions_after END AS "Convictions After"
FROM convicted
INNER JOIN file
    ON
        file.extract = 'priority_offenders'
        AND convicted.period = file.period
        AND convicted.version = file.version;
