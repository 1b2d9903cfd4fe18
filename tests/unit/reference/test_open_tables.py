"""The Home Office's open tables: their offence codes and the names of partnerships have a place in the seeds."""

from datetime import date

import pytest

from tests.places import SHARED
from tests.seeds import holds, reference_rows, rows_of
from tests.seeds import seed_rows as seed

GROUPS = {
    "Violence against the person", "Sexual offences", "Burglary", "Robbery", "Criminal damage", "Drug offences",
    "Fraud and forgery", "Offences against vehicles", "Other offences", "Other theft offences",
}  # fmt: skip
TODAY = set("8N 8P 8Q 8R 8S 28E 28F 28G 28H 29A 30C 30D 31A 104 105A 105B 4.1 58J 106 62A".split())  # noqa: SIM905


def partnership_names() -> set[str]:
    known = {row["csp_name"] for row in reference_rows("partnerships")} | {
        row["csp_name"] for row in seed("partnership_names")
    }
    return {name.lower() for name in known}


def test_offences_are_unique_and_in_a_group_that_exists() -> None:
    codes = [row["offence_code"] for row in seed("offences")]
    assert len(codes) == len(set(codes))
    assert {row["offence_group"] for row in seed("offences")} == GROUPS


@pytest.mark.parametrize("measure", ["ho_all_recorded_crime", "all_recorded_crime"])
def test_codes_of_today_are_known_and_counted(measure: str) -> None:
    known = {row["offence_code"] for row in seed("offences") if holds(row, date(2024, 4, 1))}
    counted = {
        row["category"]
        for row in seed("measure_categories")
        if row["measure_code"] == measure and holds(row, date(2024, 4, 1))
    }
    assert known >= TODAY
    assert known == counted


def test_residential_burglary_counts_as_burglary_of_a_dwelling_from_april_2017() -> None:
    def counted(month: date) -> set[str]:
        rows = (row for row in seed("measure_categories") if row["measure_code"] == "ho_burglary_dwelling")
        return {row["category"] for row in rows if holds(row, month)}

    assert counted(date(2017, 4, 1)) - counted(date(2017, 3, 1)) == {"28E", "28F", "28G", "28H", "29A"}


def test_other_names_of_partnerships_are_new_names_and_lead_to_known_partnerships() -> None:
    partnerships = {row["csp_code"]: row["csp_name"].lower() for row in reference_rows("partnerships")}
    names = [row["csp_name"].lower() for row in seed("partnership_names")]
    assert len(names) == len(set(names))
    assert not set(names) & set(partnerships.values())
    assert {row["csp_code"] for row in seed("partnership_names")} <= set(partnerships)


def test_every_name_and_code_of_2011_is_known() -> None:
    if not SHARED.exists():
        pytest.skip(f"the originals are not in {SHARED}")
    rows = rows_of(SHARED / "home_office" / "crime_data_by_csp.csv")
    offences = {row["offence_code"] for row in seed("offences") if holds(row, date(2011, 4, 1))}
    assert {row["Offence Code"] for row in rows} - offences == set()
    assert {row["CSP Name"] for row in rows if row["CSP Name"].lower() not in partnership_names()} == set()
