{#
The part of each admission that is due to alcohol: the highest fraction of any of its diagnoses (broad), and the highest of the primary
diagnosis and of causes that count in any place (narrow).
#}
{% set places = [] %}
{% for number in range(1, 21) %}{% do places.append("diagnosis_%02d" | format(number)) %}{% endfor %}
{% do places.append("external_cause") %}

with episodes as (select * from {{ ref("stg_pct__hospital_admissions") }}),
fractions as (select * from {{ ref("alcohol_fractions") }}),
age_groups as (select * from {{ ref("age_groups") }}),
home_districts as (select * from {{ ref("int_home_areas__districts") }}),
area_keys as (select * from {{ ref("int_areas__keyed") }}),

home_files as (
    select
        file_sha256,
        max(home_area_code) as home_area_code
    from {{ ref("int_deliveries__ranked") }}
    where feed = 'pct/hospital_admissions' and is_taken_in
    group by file_sha256
),

diagnoses as (
    select
        file_sha256,
        row_number,
        sex,
        age,
        place,
        icd10_code
    from (
        select
            file_sha256,
            row_number,
            sex,
            age,
            {{ places | join(", ") }}
        from episodes
    )
    unpivot (icd10_code for place in ({{ places | join(", ") }}))
),

highest as (
    select
        diagnoses.file_sha256,
        diagnoses.row_number,
        max(fractions.fraction) as broad_fraction,
        max(
            case when diagnoses.place = 'diagnosis_01' or fractions.narrow_places = 'any' then fractions.fraction end
        ) as narrow_fraction
    from diagnoses
    inner join fractions
        on
            left(diagnoses.icd10_code, 3) = left(fractions.icd10_prefix, 3)
            and diagnoses.icd10_code like fractions.icd10_prefix || '%'
            and (fractions.sex is null or diagnoses.sex = fractions.sex)
            and diagnoses.age between fractions.from_age and coalesce(fractions.to_age, 120)
    group by diagnoses.file_sha256, diagnoses.row_number
),

-- Neither male nor female is known, and the sex decides whether any part is due to alcohol.
undecided_by_sex as (
    select distinct
        diagnoses.file_sha256,
        diagnoses.row_number
    from diagnoses
    inner join fractions
        on
            left(diagnoses.icd10_code, 3) = left(fractions.icd10_prefix, 3)
            and diagnoses.icd10_code like fractions.icd10_prefix || '%'
            and diagnoses.age between fractions.from_age and coalesce(fractions.to_age, 120)
    where
        fractions.sex is not null
        and fractions.fraction > 0
        and coalesce(diagnoses.sex, '') not in ('1', '2')
),

ages_named as (
    select
        ages.age,
        replace({{ listed("'age ' || age_groups.age_group") }}, ', ', ';') as age_tags
    from (select distinct episodes.age from episodes) as ages
    inner join age_groups
        on ages.age between age_groups.from_age and coalesce(age_groups.to_age, 120)
    group by ages.age
),

residents as (
    select
        episodes.*,
        ages_named.age_tags,
        highest.broad_fraction,
        highest.narrow_fraction,
        undecided_by_sex.row_number is not null and coalesce(highest.broad_fraction, 0) = 0 as is_undecided_by_sex,
        area_keys.district_code is not null and home_districts.district_code is null as lives_elsewhere
    from episodes
    left join home_files
        on episodes.file_sha256 = home_files.file_sha256
    left join area_keys
        on episodes.area_key = area_keys.area_key
    left join home_districts
        on
            home_files.home_area_code = home_districts.home_area_code
            and area_keys.district_code = home_districts.district_code
    left join ages_named
        on episodes.age = ages_named.age
    left join highest
        on
            episodes.file_sha256 = highest.file_sha256
            and episodes.row_number = highest.row_number
    left join undecided_by_sex
        on
            episodes.file_sha256 = undecided_by_sex.file_sha256
            and episodes.row_number = undecided_by_sex.row_number
),

counted as (
    {% for category, counts_for, condition in [
        ("alcohol-attributable admission", "broad_fraction", "broad_fraction > 0"),
        ("alcohol-attributable admission, narrow", "narrow_fraction", "narrow_fraction > 0"),
        ("alcohol-related admission", "1", "broad_fraction > 0"),
        ("admission without an alcohol-attributable condition", "1", "coalesce(broad_fraction, 0) = 0"),
    ] %}
        select
            *,
            '{{ category }}' as category,
            {{ counts_for }} as counts_for
        from residents
        where {{ condition }}
        {{ "union all" if not loop.last }}
    {% endfor %}
)

select
    'pct/hospital_admissions' as feed,
    file_sha256,
    row_number,
    episode_id || ' ' || category as record_key,
    {{ month_of("admission_date") }} as month,
    category,
    concat_ws(
        ';',
        coalesce(age_tags, 'age unknown'),
        case when episode_order in (98, 99) then 'episode order unknown' end,
        case when lives_elsewhere then 'lives elsewhere' end,
        case when episode_order between 2 and 97 then 'later episode' end,
        'patient class ' || coalesce(patient_class, 'unknown'),
        case when is_undecided_by_sex then 'sex unknown' end
    ) as tags,
    cast(counts_for as double) as counts_for,
    {{ row_places(area_key="area_key") }}
from counted
