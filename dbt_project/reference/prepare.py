"""Make the compact look-ups and populations beside this script from the published originals.

Run by hand when an original changes: `python dbt_project/reference/prepare.py <folder of originals>`, where the folder
holds `lookups/` and `population/` as README.md names them. The nightly run reads only the CSV files that this writes.
"""

import sys
from pathlib import Path

import duckdb

HERE = Path(__file__).resolve().parent

# A 2021 LSOA that is no 2011 LSOA takes its ward from its 2011 parents when they agree, else none; its district
# likewise, else the one that the 2021 look-up names.
LSOAS = """
with parents as (
    select
        changes.lsoa21_code as lsoa_code,
        any_value(changes.lsoa21_name) as lsoa_name,
        case when count(distinct wards.ward17_code) = 1 then min(wards.ward17_code) end as ward_code,
        case
            when count(distinct districts.ltla21_code) = 1 then min(districts.ltla21_code)
            else min(changes.ltla22_code)
        end as district_code
    from changes
    left join districts using (lsoa11_code)
    left join wards using (lsoa11_code)
    where changes.lsoa21_code not in (select lsoa11_code from districts)
    group by changes.lsoa21_code
),
current_codes as (select distinct lsoa21_code from changes)
select
    districts.lsoa11_code as lsoa_code,
    districts.lsoa11_name as lsoa_name,
    wards.ward17_code as ward_code,
    districts.ltla21_code as district_code,
    true as is_2011,
    districts.lsoa11_code in (from current_codes) as is_2021
from districts
left join wards using (lsoa11_code)
union all
select lsoa_code, lsoa_name, ward_code, district_code, false, true from parents
order by lsoa_code
"""

WARDS = """
select ward_names.WDCD as ward_code, min(ward_names.WDNM) as ward_name
from ward_names
where ward_names.WDCD in (select ward17_code from wards)
group by ward_names.WDCD
order by ward_code
"""

# A district with several partnerships has no single one; an abolished district has the police force of its successor.
DISTRICTS = """
with partnerships as (
    select
        ltla24_code as district_code,
        case when count(distinct csp24_code) = 1 then min(csp24_code) end as csp_code,
        case when count(distinct csp24_code) = 1 then min(csp24_name) end as csp_name,
        case when count(distinct pfa24_code) = 1 then min(pfa24_code) end as force_code
    from partnership_areas
    group by ltla24_code
),
successors as (
    select LADCD as district_code, min(LADCD_ACTIVE) as successor_code
    from ward_names
    group by LADCD
    having count(distinct LADCD_ACTIVE) = 1
),
named as (
    select ltla22_code as district_code, ltla22_name as district_name from changes
    union
    select ltla21_code, ltla21_name from districts
)
select
    named.district_code,
    min(named.district_name) as district_name,
    any_value(own.csp_code) as csp_code,
    any_value(own.csp_name) as csp_name,
    any_value(coalesce(own.force_code, inherited.force_code)) as force_code,
    case when any_value(own.force_code) is null then any_value(successors.successor_code) end as successor_code
from named
left join partnerships as own using (district_code)
left join successors using (district_code)
left join partnerships as inherited on successors.successor_code = inherited.district_code
where named.district_code in (select ltla21_code from districts union select ltla22_code from changes)
group by named.district_code
order by district_code
"""

# Every partnership, those of a district that has several included: extracts name partnerships and not districts.
PARTNERSHIPS = """
select csp24_code as csp_code, min(csp24_name) as csp_name, min(pfa24_code) as force_code
from partnership_areas
group by csp24_code
order by csp_code
"""

POPULATIONS = """
select lsoa11_code as area_code, 'lsoa' as area_level, 2017 as mid_year, cast(total_population as bigint) as population,
    'ONS small area population estimates, mid-2017' as source
from lsoa_2017
union all
select lsoa11_code, 'lsoa', 2019, cast(total_population as bigint), 'ONS small area population estimates, mid-2019'
from lsoa_2019
union all
select ltla21_code, 'district', 2020, cast(total_population as bigint), 'ONS mid-year population estimates, mid-2020'
from district_2020
union all
select GEOGRAPHY_CODE, 'district', 2011, cast(sum(OBS_VALUE) as bigint),
    'ONS mid-year population estimates, mid-2011 (nomis NM_2002_1)'
from district_2011
group by GEOGRAPHY_CODE
order by area_level, area_code, mid_year
"""

# Of each area the nearest first; lists of combined authorities are of no district.
SIMILAR_AREAS = """
with areas as (
    select unnest(map_entries(cast(cast(content as json) as map(varchar, map(varchar, varchar[]))))) as area
    from similar_areas_text
),
senses as (
    select area.key as area_code, unnest(map_entries(area.value)) as sense
    from areas
)
select area_code, sense.key as sense, array_to_string(sense.value, ';') as similar_area_codes
from senses
where area_code not like 'E47%'
order by area_code, sense
"""

ORIGINALS = {
    "districts": "lookups/humaniverse_lookup_lsoa11_ltla21.csv",
    "wards": "lookups/humaniverse_lookup_lsoa11_ward17.csv",
    "changes": "lookups/humaniverse_lookup_lsoa11_lsoa21_ltla22.csv",
    "partnership_areas": "lookups/humaniverse_lookup_ltla24_csp24_pfa24.csv",
    "ward_names": "lookups/drkane_ward_all_codes.csv",
    "lsoa_2017": "population/humaniverse_population17_lsoa11_leics.csv",
    "lsoa_2019": "population/humaniverse_population19_lsoa11_leics.csv",
    "district_2020": "population/humaniverse_population20_ltla21.csv",
    "district_2011": "population/nomis_NM_2002_1_mye_leics.tsv",
}

SIMILAR_AREAS_ORIGINAL = "lookups/ons_similar_areas.json"

PREPARED = {
    "lsoas": LSOAS,
    "wards": WARDS,
    "districts": DISTRICTS,
    "partnerships": PARTNERSHIPS,
    "populations": POPULATIONS,
    "similar_areas": SIMILAR_AREAS,
}


def prepare(originals: Path, target: Path = HERE) -> dict[str, int]:
    """Write the prepared CSV files into `target` and return their row counts.

    Raises:
        duckdb.IOException: an original is missing below `originals`.
    """
    with duckdb.connect() as connection:
        for name, path in ORIGINALS.items():
            connection.execute(
                f"create table {name} as select * from read_csv(?, quote = '\"')", [str(originals / path)]
            )
        connection.execute(
            "create table similar_areas_text as select content from read_text(?)",
            [str(originals / SIMILAR_AREAS_ORIGINAL)],
        )
        row_counts = {}
        for name, query in PREPARED.items():
            relation = connection.sql(query)
            relation.write_csv(str(target / f"{name}.csv"), header=True)
            row_counts[name] = len(relation)
        return row_counts


if __name__ == "__main__":
    for table, rows in prepare(Path(sys.argv[1])).items():
        sys.stdout.write(f"{table}: {rows} rows\n")
