"""Surveys of street cleanliness: columns in each other's place, and made-up surveys against national figures."""

from collections import defaultdict
from pathlib import Path

import pytest

from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.reasons.reason import for_owner
from sources.samples import synthetic
from tests.places import PLAN_TIME
from tests.seeds import rows_of, seed_rows

from .conftest import Drop
from .feed_forms_cleanliness import STREET_CLEANLINESS

FAILS = {"C": 1.0, "C-": 1.0, "D": 1.0, "B-": 0.5, "B/C": 0.5}
ELEMENTS = ("Litter", "Detritus", "Graffiti", "Fly-posting")


@pytest.mark.parametrize(("failing", "outcome"), [(3, "accepted"), (4, "refused")])
def test_more_fly_posting_than_detritus_means_swapped_columns(failing: int, outcome: str, tmp_path: Path) -> None:
    """Up to three transects may be chance; the file is refused with the rule's sentence and nothing is taken in."""
    drop = Drop(DataFolder(tmp_path / "data"), load_contracts()["council/street_cleanliness"])
    rows = [STREET_CLEANLINESS.row(n, Detritus="A", **{"Fly-posting": "C" if n < failing else "B"}) for n in range(40)]
    receipt = drop.take(STREET_CLEANLINESS.content(rows), STREET_CLEANLINESS.name)
    assert receipt.outcome == outcome
    assert receipt.rows_accepted == (40 if outcome == "accepted" else 0)
    assert all("in each other's columns" in reason for reason in for_owner(receipt.reasons))


@pytest.fixture(scope="module")
def transects() -> list[dict[str, str]]:
    """Every transect of the surveys that stand."""
    with synthetic.generator(("common", "street_cleanliness")) as connection:
        rows = connection.sql(
            "SELECT * FROM street_cleanliness_written WHERE file_name NOT LIKE '2010-04%synthetic.csv'"
        )
        return [dict(zip(rows.columns, map(str, row), strict=True)) for row in rows.fetchall()]


def test_melton_is_a_little_cleaner_than_the_country(transects: list[dict[str, str]]) -> None:
    """NI 195 in 2007/08 was 11, 21, 4 and 1% nationally."""
    national = dict(zip(ELEMENTS, (11, 21, 4, 1), strict=True))
    assert len(transects) == 9 * 300 - 6
    for element in ELEMENTS:
        graded = [row[element].upper() for row in transects if row[element].upper() not in {"NA", "NONE"}]
        below_b = 100 * sum(FAILS.get(grade, 0) for grade in graded) / len(graded)
        assert 0.65 * national[element] - 0.4 < below_b < national[element], (element, below_b)


def test_other_highways_are_worse_than_housing(transects: list[dict[str, str]]) -> None:
    fails: dict[str, list[float]] = defaultdict(list)
    for row in transects:
        fails[row["Land Use"]].append(FAILS.get(row["Detritus"].upper(), 0))
    shares = {land_use: sum(values) / len(values) for land_use, values in fails.items()}
    assert max(shares, key=shares.__getitem__) in {"Other highways", "Rural roads"}
    assert min(shares, key=shares.__getitem__) == "Main retail and commercial"


def test_wards_of_the_sample_are_those_that_the_warehouse_expects() -> None:
    due = [(row["tranche_start"][:7], row["ward_code"]) for row in seed_rows("cleanliness_wards")]
    surveyed = [(row["period"], row["choice"]) for row in rows_of(PLAN_TIME / "street_wards.csv")]
    assert due == surveyed
    assert {ward for _, ward in due} == {f"E0500{number}" for number in range(5495, 5511)}
