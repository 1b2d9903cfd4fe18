"""Every rule of the street crime contract, broken by one row among sound ones."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from sources.contract.load import CONTRACTS_FOLDER, Contract, load_contract
from sources.folder.data_folder import DataFolder
from sources.folder.sql_text import literal
from sources.reasons.reason import for_owner

from .conftest import FEED, Drop, file_of, row, sound_rows

BROKEN = [
    ({"crime_id": "ABC"}, "crime_id_pattern", "Crime ID", "ABC"),
    ({"crime_id": "0" * 62 + "02"}, "crime_id_repeated", "Crime ID", "0" * 62 + "02"),
    ({"month": ""}, "month_present", "Month", None),
    ({"month": "spring 2021"}, "month_date", "Month", "spring 2021"),
    ({"month": "2021-05"}, "month_is_file_month", None, None),
    ({"reported_by": " "}, "reported_by_present", "Reported by", " "),
    ({"falls_within": ""}, "falls_within_present", "Falls within", None),
    ({"falls_within": "Kent Police"}, "force_is_file_force", None, None),
    ({"longitude": "west"}, "longitude_number", "Longitude", "west"),
    ({"longitude": "nan"}, "longitude_number", "Longitude", "nan"),
    ({"longitude": "-91.2"}, "longitude_minimum", "Longitude", "-91.2"),
    ({"longitude": "91.2"}, "longitude_maximum", "Longitude", "91.2"),
    ({"latitude": "north"}, "latitude_number", "Latitude", "north"),
    ({"latitude": "5.2"}, "latitude_minimum", "Latitude", "5.2"),
    ({"latitude": "91"}, "latitude_maximum", "Latitude", "91"),
    ({"latitude": ""}, "coordinates_together", None, None),
    ({"lsoa_code": "Melton"}, "lsoa_code_pattern", "LSOA code", "Melton"),
    ({"crime_type": ""}, "crime_type_present", "Crime type", None),
    ({"crime_type": "Mischief"}, "crime_type_known", "Crime type", "Mischief"),
    ({"crime_type": "Violent crime"}, "crime_type_in_use", None, None),
]


@pytest.mark.parametrize(("changes", "rule", "column", "value"), BROKEN, ids=[broken[1] for broken in BROKEN])
def test_a_broken_rule_rejects_its_row_alone(
    drop: Drop, changes: dict[str, str], rule: str, column: str | None, value: str | None
) -> None:
    rows = sound_rows()
    rows[10] = row(12, **changes)
    receipt = drop.take(file_of(rows))
    assert (receipt.outcome, receipt.rows_accepted, receipt.rows_rejected) == ("partly_accepted", 39, 1)
    assert receipt.rejected_by_rule == {rule: 1}
    assert drop.rejected() == [(12, rule, column, value)]
    assert drop.rejected("record, rule_order") == [(rows[10], 1)]
    assert [number for (number,) in drop.raw("row_number")] == [n for n in range(2, 42) if n != 12]


def test_every_row_rule_of_the_contract_is_broken_above(contract: Contract) -> None:
    assert {broken[1] for broken in BROKEN} == {rule.name for rule in contract.row_rules}


def test_a_row_that_breaks_two_rules_is_counted_once(drop: Drop) -> None:
    rows = sound_rows()
    rows[10] = row(12, crime_type="Mischief", lsoa_code="?")
    receipt = drop.take(file_of(rows))
    assert receipt.rejected_by_rule == {"lsoa_code_pattern": 1}
    assert drop.rejected("row_number, rule_order, rule") == [
        (12, 1, "lsoa_code_pattern"),
        (12, 2, "crime_type_known"),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"crime_id": "", "crime_type": "Anti-social behaviour", "last_outcome_category": ""},
        {"longitude": "", "latitude": "", "lsoa_code": "", "lsoa_name": ""},
        {"lsoa_code": "W01000123"},
        {"lsoa_code": "S01006506"},
        {"lsoa_code": "N21000001"},
        {"lsoa_code": "95GG33S1"},
        {"month": " 2021-04 ", "longitude": "\u00a0-0.88\t"},
        {"location": '"On or near ""The Crown"", Melton"'},
    ],
)
def test_what_a_person_would_accept(drop: Drop, changes: dict[str, str]) -> None:
    receipt = drop.take(file_of([row(2, **changes)]))
    assert (receipt.outcome, receipt.rows_accepted, for_owner(receipt.warnings)) == ("accepted", 1, [])


@pytest.mark.parametrize(
    ("slug", "force"),
    [
        ("metropolitan", "Metropolitan Police Service"),
        ("devon-and-cornwall", "Devon & Cornwall Police"),
        ("northern-ireland", "Police Service of Northern Ireland"),
        ("btp", "British Transport Police"),
    ],
)
def test_forces_go_by_the_name_in_their_files(drop: Drop, slug: str, force: str) -> None:
    rows = [row(number, falls_within=force, reported_by=force) for number in range(2, 10)]
    receipt = drop.take(file_of(rows), f"2021-04-{slug}-street.csv")
    assert (receipt.outcome, receipt.supplier) == ("accepted", slug)


FORCES = """
    avon-and-somerset: Avon and Somerset Constabulary; bedfordshire: Bedfordshire Police; btp: British Transport Police;
    cambridgeshire: Cambridgeshire Constabulary; cheshire: Cheshire Constabulary; city-of-london: City of London Police;
    cleveland: Cleveland Police; cumbria: Cumbria Constabulary; derbyshire: Derbyshire Constabulary;
    devon-and-cornwall: Devon & Cornwall Police; dorset: Dorset Police; durham: Durham Constabulary;
    dyfed-powys: Dyfed-Powys Police; essex: Essex Police; gloucestershire: Gloucestershire Constabulary;
    greater-manchester: Greater Manchester Police; gwent: Gwent Police; hampshire: Hampshire Constabulary;
    hertfordshire: Hertfordshire Constabulary; humberside: Humberside Police; kent: Kent Police;
    lancashire: Lancashire Constabulary; leicestershire: Leicestershire Police; lincolnshire: Lincolnshire Police;
    merseyside: Merseyside Police; metropolitan: Metropolitan Police Service; norfolk: Norfolk Constabulary;
    north-wales: North Wales Police; north-yorkshire: North Yorkshire Police; northamptonshire: Northamptonshire Police;
    northern-ireland: Police Service of Northern Ireland; northumbria: Northumbria Police;
    nottinghamshire: Nottinghamshire Police; south-wales: South Wales Police; south-yorkshire: South Yorkshire Police;
    staffordshire: Staffordshire Police; suffolk: Suffolk Constabulary; surrey: Surrey Police; sussex: Sussex Police;
    thames-valley: Thames Valley Police; warwickshire: Warwickshire Police; west-mercia: West Mercia Police;
    west-midlands: West Midlands Police; west-yorkshire: West Yorkshire Police; wiltshire: Wiltshire Police
"""
FORCE_NAMES = dict(force.strip().split(": ") for force in FORCES.split(";"))


def test_each_force_of_data_police_uk_has_one_slug(contract: Contract) -> None:
    assert len(FORCE_NAMES) == 45, "43 of England and Wales, Northern Ireland, and the railways"
    (rule,) = [rule for rule in contract.row_rules if rule.name == "force_is_file_force"]
    cut = [f"{slug}-police" for slug in FORCE_NAMES] + ["of-london", "and-cornwall", "yorkshire", "police", "service"]
    slugs, day = [*FORCE_NAMES, *cut], date(2021, 4, 1)
    expected = {name: slug for slug, name in FORCE_NAMES.items()}
    expected["Hampshire & Isle of Wight Constabulary"] = "hampshire"
    names = ", ".join(f"({literal(name)})" for name in expected)
    verdicts = ", ".join(rule.predicate_for(day, day, slug) for slug in slugs)
    with duckdb.connect() as connection:
        sql = f"SELECT falls_within, [{verdicts}] FROM (VALUES {names}) AS forces (falls_within)"
        found = dict(connection.execute(sql).fetchall())
    fitting = {name: [slug for slug, fits in zip(slugs, found[name], strict=True) if fits] for name in expected}
    assert fitting == {name: [slug] for name, slug in expected.items()}


def test_a_part_or_more_of_the_name_is_no_force(drop: Drop) -> None:
    assert drop.take(file_of(sound_rows()), "2021-04-leicestershire-police-street.csv").outcome == "refused"


def test_a_similar_name_is_another_force(drop: Drop) -> None:
    rows = [row(number, falls_within="Northumbria Police") for number in range(2, 10)]
    assert drop.take(file_of(rows), "2021-04-cumbria-street.csv").outcome == "refused"


def test_rows_without_crime_id_are_incidents_each(drop: Drop) -> None:
    incident = row(0, crime_id="", crime_type="Anti-social behaviour")
    receipt = drop.take(file_of([incident] * 5))
    assert receipt.rows_accepted == 5
    assert len(drop.raw()) == 5


def test_values_are_trimmed_typed_and_blank_is_null(drop: Drop) -> None:
    drop.take(file_of([row(2, location="  On or near Mill Street ", context=" \t ", lsoa_name="\u00a0Melton 003A")]))
    values = drop.raw("location, context, lsoa_name, typeof(month), month::VARCHAR, typeof(longitude), longitude")
    assert values == [("On or near Mill Street", None, "Melton 003A", "DATE", "2021-04-01", "DOUBLE", -0.886957)]


def test_raw_has_the_columns_of_the_contract(drop: Drop, contract: Contract) -> None:
    drop.take(file_of(sound_rows()))
    (described,) = drop.raw("list(typeof(COLUMNS(*)))[1]", order="ALL")
    assert len(described) == len(contract.columns) + 2
    assert drop.raw("DISTINCT file_sha256, typeof(row_number)", order="ALL") == [
        (drop.receipts()[0].file_sha256, "BIGINT")
    ]


def _with_count_column(tmp_path: Path, logical_type: str) -> Contract:
    """Return the contract with a context column of another type."""
    text = (CONTRACTS_FOLDER / f"{FEED}.odcs.yaml").read_text()
    start = text.index("      - name: context")
    changed = text[:start] + text[start:].replace("logicalType: string", f"logicalType: {logical_type}")
    file = tmp_path / f"{FEED}.odcs.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(changed)
    return load_contract(file)


@pytest.mark.parametrize(
    ("logical_type", "good", "bad"),
    [
        ("integer", {"7": 7, "-3": -3, "+12": 12, "": None}, ["3.7", "1e3", "seven", "1,5", "99999999999999999999"]),
        ("boolean", {"TRUE": True, "no": False, "1": True, "": None}, ["maybe", "2"]),
        ("number", {"3.70": 3.7, "1e3": 1000.0, "": None}, ["inf", "3,416", "1.2.3", "0x1F"]),
    ],
)
def test_logical_types(tmp_path: Path, logical_type: str, good: dict[str, object], bad: list[str]) -> None:
    drop = Drop(DataFolder(tmp_path / "data"), _with_count_column(tmp_path, logical_type))
    values = [*good, *bad] + [next(iter(good))] * 150
    rows = [row(number, context=f'"{value}"') for number, value in enumerate(values, 2)]
    receipt = drop.take(file_of(rows))
    assert receipt.rejected_by_rule == {f"context_{logical_type}": len(bad)}
    assert [value for _, _, _, value in drop.rejected()] == bad
    assert [value for (value,) in drop.raw("context")][: len(good)] == list(good.values())


def test_a_retyped_column_is_named_and_the_file_refused(drop: Drop) -> None:
    rows = [row(number, month="spring 2021") for number in range(2, 42)]
    receipt = drop.take(file_of(rows))
    assert receipt.outcome == "refused"
    told = for_owner(receipt.reasons)[0]
    assert told.startswith("Month must be a date written yyyy-MM,")
    assert "40 of 40 values are not" in told
    assert (receipt.rows_delivered, receipt.rows_accepted, receipt.rows_rejected) == (40, 0, 40)
    assert receipt.raw_file is None
    assert drop.raw() == []


@pytest.mark.parametrize(("retyped", "outcome"), [(1, "partly_accepted"), (10, "partly_accepted"), (11, "refused")])
def test_a_column_that_few_rows_fill_is_retyped_only_above_the_limit(drop: Drop, retyped: int, outcome: str) -> None:
    rows = [row(number, longitude="", latitude="") for number in range(2, 202)]
    rows[:retyped] = [row(number, longitude="487123 m") for number in range(2, 2 + retyped)]
    receipt = drop.take(file_of(rows))
    assert (receipt.outcome, receipt.rows_delivered) == (outcome, 200)
    told = [reason for reason in for_owner(receipt.reasons) if "Longitude must be a number. 11 of 11" in reason]
    assert bool(told) is (outcome == "refused")


@pytest.mark.parametrize(("broken", "outcome"), [(2, "partly_accepted"), (3, "refused")])
def test_the_limit_of_rejected_rows(drop: Drop, broken: int, outcome: str) -> None:
    rows = sound_rows(40)
    rows[:broken] = [row(number, crime_type="Mischief") for number in range(2, 2 + broken)]
    receipt = drop.take(file_of(rows))
    assert receipt.outcome == outcome
    if outcome == "refused":
        assert for_owner(receipt.reasons)[0].startswith("3 of 40 rows (7.5%) break the contract; at most 5% may.")
        assert receipt.rejected_by_rule == {"crime_type_known": 3, "file_refused": 37}
        assert len(drop.rejected()) == 3
    assert receipt.rows_delivered == receipt.rows_accepted + receipt.rows_rejected == 40
