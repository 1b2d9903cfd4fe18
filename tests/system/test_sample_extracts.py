"""The made-up extracts are the same on every machine, hang together, and hold the defects that are listed."""

import hashlib
from collections import Counter
from datetime import date
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

import duckdb
import pytest

from sources.folder.data_folder import DataFolder
from sources.ledger.receipts import Ledger, Receipt
from sources.reasons.reason import for_owner
from sources.samples import put_samples, synthetic
from sources.samples.planting import Defect
from tests.csp import FEED, Installation
from tests.system.conftest import AS_PUT
from tests.system.sample_deliveries import Delivery, Row, deliveries_below, latest, listed, mangled

# Change it with the data, never for a new version of DuckDB: a release built from the sample must stay the same.
DIGEST = "62c96eea048028c683ceb9d4c44d7d2f0b8477011379ee2b093316dffa3c721a"


@pytest.fixture(scope="module")
def landing(whole_sample: Installation) -> Path:
    """The landing folder before the night, which removes what carries personal data."""
    return whole_sample.root.with_name(AS_PUT)


@pytest.fixture(scope="module")
def deliveries(landing: Path) -> list[Delivery]:
    return list(deliveries_below(landing))


# ---- The same everywhere


def test_bytes_are_those_of_every_other_machine(deliveries: list[Delivery]) -> None:
    lines = [f"{d.feed}/{d.landed}/{d.name} {hashlib.sha256(d.content).hexdigest()}\n" for d in deliveries]
    assert hashlib.sha256("".join(lines).encode()).hexdigest() == DIGEST


def test_one_thread_gives_the_same_bytes_as_many_and_no_other_set(
    tmp_path: Path, landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duckdb, "connect", partial(duckdb.connect, config={"threads": 1}))
    folder = DataFolder(tmp_path / "data")
    files = put_samples(folder, ["plan-time"])
    assert {file.suffix for file in files} == {".zip", ".csv", ".xlsx"}
    content = {file.relative_to(folder.landing).as_posix(): file.read_bytes() for file in files}
    before = {
        file.relative_to(landing).as_posix(): file.read_bytes()
        for file in landing.rglob("*.*")
        if file.parent != landing / FEED
    }
    assert content.keys() == before.keys()
    assert [name for name in content if content[name] != before[name]] == []


def test_the_set_is_small_and_flagged(landing: Path, deliveries: list[Delivery]) -> None:
    files = [file for file in landing.rglob("*") if file.is_file() and file.parent != landing / FEED]
    assert sum(file.stat().st_size for file in files) < 16_000_000
    assert all("-synthetic" in file.name for file in files)
    assert all("-synthetic" in d.name for d in deliveries)
    assert {d.feed for d in deliveries} == {row["feed"] for row in listed("extracts")}
    for feed in {d.feed for d in deliveries}:
        landed = [d for d in deliveries if d.feed == feed]
        assert {d.name.rsplit(".", 1)[-1] for d in landed} == {"csv", "xlsx"}
        assert any(d.landed == d.name and d.name.endswith(".csv") for d in landed)
    later = {file.name for file in files if file.stat().st_mtime == synthetic.ARRIVALS["later"]}
    assert later == {d.landed for d in deliveries if d.version > 1} | {"leicestershire-fire-later-synthetic.zip"}


def test_every_month_quarter_and_year_of_the_plan_is_there(deliveries: list[Delivery]) -> None:
    months = [f"{year}-{month:02}" for year in range(2003, 2012) for month in range(1, 13)][3:99]
    for stem in ("recorded-crime", "incidents"):
        assert sorted(d.period for d in latest(deliveries, rf"\S+melton-{stem}-synthetic")) == months
    fires = latest(deliveries, r"\S+-fdr-return-synthetic") + latest(deliveries, r"\S+-fire-incidents-synthetic")
    assert sorted(d.period for d in fires) == months
    quarters = [month for month in months[60:] if month[5:] in {"01", "04", "07", "10"}]
    assert sorted(d.period for d in latest(deliveries, r"prc-csp\S+")) == quarters
    assert sorted(d.period for d in latest(deliveries, r"\S+road\S+")) == [str(year) for year in range(2000, 2011)]
    assert sorted(d.period for d in latest(deliveries, r"\S+estimates\S+")) == [str(year) for year in range(2003, 2011)]


# ---- What hangs together


def test_duplicates_name_an_incident_of_their_file(deliveries: list[Delivery]) -> None:
    for d in latest(deliveries, r"\S+melton-incidents-synthetic"):
        rows = d.sound_rows
        originals = {row["Incident No"] for row in rows if not row["Duplicate Of"]}
        repeated = {row["Duplicate Of"] for row in rows if row["Duplicate Of"]}
        assert repeated
        assert repeated <= originals


def test_linked_crimes_are_recorded_crimes(deliveries: list[Delivery]) -> None:
    numbers = {row["Crime No"] for d in latest(deliveries, r"\S+-recorded-crime-synthetic") for row in d.sound_rows}
    removed = 5  # crimes that a later version of the month left out
    linked = {row["Linked Crime No"] for d in latest(deliveries, r"\S+melton-incidents\S+") for row in d.sound_rows}
    assert len(linked - numbers - {""}) <= removed
    assert len(linked) > 2_000


def test_casualties_of_a_collision_agree_on_it(deliveries: list[Delivery]) -> None:
    shared = ("Accident_Severity", "Date", "Time", "Location_Easting_OSGR", "Number_of_Casualties", "Speed_limit")
    for d in latest(deliveries, r"\S+road\S+"):
        collisions: dict[str, list[Row]] = {}
        for row in d.sound_rows:
            collisions.setdefault(row["Accident_Index"], []).append(row)
        for casualties in collisions.values():
            assert all(row[column] == casualties[0][column] for row in casualties for column in shared)
            assert min(int(row["Casualty_Severity"]) for row in casualties) == int(casualties[0]["Accident_Severity"])
            assert int(casualties[0]["Number_of_Casualties"]) == len(casualties)


def test_melton_had_48800_people_in_2006_and_parts_add_up(deliveries: list[Delivery]) -> None:
    for d in latest(deliveries, r"\S+estimates\S+"):
        people = {(row["Area Code"], row["Sex"], row["Age"]): int(row["Population"]) for row in d.sound_rows}
        areas = {area for area, _, _ in people}
        assert len(areas) == 9
        for area in areas:
            whole = people[area, "all", "all"]
            assert whole == people[area, "male", "all"] + people[area, "female", "all"]
            for sex in ("all", "male", "female"):
                parts = [n for (a, s, age), n in people.items() if (a, s) == (area, sex) and age != "all"]
                assert len(parts) == 91
                assert sum(parts) == people[area, sex, "all"]
        if d.period == "2006":
            assert people["E07000133", "all", "all"] == 48_800


# ---- Defects


def test_every_listed_defect_is_of_a_file(deliveries: list[Delivery]) -> None:
    planted = [defect for d in deliveries for defect in d.defects]
    assert {id(defect) for defect in planted} == {id(defect) for defect in synthetic.all_defects()}


@pytest.mark.parametrize("defect", synthetic.all_defects(), ids=lambda d: f"{d.extract} {d.period} {d.defect}")
def test_planted_defect_is_there(defect: Defect, deliveries: list[Delivery]) -> None:
    found = [d for d in deliveries if defect in d.defects]
    delivery, rows = found[0], found[0].rows
    if defect.action == "send_again":
        assert [d.content for d in found] == [delivery.content] * 2
        assert [d.landed.rsplit("-", 2)[1] for d in found] == ["first", "later"]
    elif defect.action == "repeat_row":
        lines = delivery.content.split(b"\n")
        assert lines[defect.after_row - 1] == lines[defect.after_row]
        assert len(set(lines)) == len(lines) - 1
    elif defect.action == "add_line":
        assert delivery.content.split(b"\n")[defect.after_row] == defect.changes["line"].encode()
    elif defect.action == "drop_column":
        assert defect.changes["column"] not in rows[0]
    elif defect.action == "add_column":
        assert list(rows[0])[-1] == defect.changes["column"]
    elif defect.outcome == "refused" and defect.rule in rows[0]:
        days = [date.fromisoformat(f"{d[6:]}-{d[:2]}-{d[3:5]}") for d in (row[defect.rule] for row in rows)]
        assert {day.strftime("%Y-%m") for day in days} == {defect.period}
    else:
        match = fnmatchcase if defect.action == "none" else str.__eq__
        changes = {column: mangled(value) for column, value in defect.changes.items()}
        holding = [row for row in rows if all(match(row[column], value) for column, value in changes.items())]
        assert len(holding) == defect.rows > 0


@pytest.fixture(scope="module")
def receipts(whole_sample: Installation) -> list[Receipt]:
    """What the night wrote of the made-up deliveries."""
    every = Ledger(DataFolder(whole_sample.root)).receipts()
    return [receipt for receipt in every if f"{receipt.agency}/{receipt.feed}" != FEED]


def test_intake_makes_of_each_defect_what_is_expected(receipts: list[Receipt], deliveries: list[Delivery]) -> None:
    by_name = {d.name: d for d in deliveries}
    assert Counter(receipt.file_name for receipt in receipts) == Counter(d.name for d in deliveries)
    seen: set[str] = set()
    for receipt in receipts:
        delivery = by_name[receipt.file_name]
        defects = delivery.defects
        rejected = Counter({defect.rule: 0 for defect in defects if defect.rejected})
        for defect in defects:
            rejected[defect.rule] += defect.rejected
        assert receipt.is_synthetic
        assert receipt.rows_delivered == receipt.rows_accepted + receipt.rows_rejected or receipt.outcome == "duplicate"
        if any(defect.outcome == "refused" for defect in defects):
            (defect,) = defects
            assert receipt.outcome == "refused"
            assert receipt.rows_accepted == 0
            assert any(defect.rule in reason for reason in for_owner(receipt.reasons))
        elif any(defect.action == "send_again" for defect in defects) and receipt.file_name in seen:
            assert receipt.outcome == "duplicate"
        else:
            assert receipt.outcome == ("partly_accepted" if sum(rejected.values()) else "accepted"), receipt
            assert receipt.rejected_by_rule == {rule: rows for rule, rows in rejected.items() if rows}
            assert receipt.rows_delivered == len(delivery.rows)
        seen.add(receipt.file_name)
    assert sum(receipt.rows_rejected for receipt in receipts if receipt.outcome == "partly_accepted") == sum(
        defect.rejected for defect in synthetic.all_defects()
    )


def test_what_was_refused_stands_in_its_later_version(receipts: list[Receipt]) -> None:
    refused = {(receipt.feed, receipt.period_start) for receipt in receipts if receipt.outcome == "refused"}
    stand = {(receipt.feed, receipt.period_start) for receipt in receipts if receipt.outcome == "accepted"}
    assert len(refused) == 5
    assert refused <= stand
