"""Duplicates, corrections, and another try under a changed contract."""

import dataclasses
import re
from pathlib import Path

import pytest

from sources.contract.load import Contract, load_contracts
from sources.contract.rules import RowRule, text_column
from sources.folder.data_folder import DataFolder
from sources.ledger.receipts import latest_period_end, standing
from sources.reasons.reason import for_owner, published

from .conftest import NAME, Drop, file_of, row, sound_rows
from .feed_forms import BY_SEX
from .feed_forms_police_uk import STOPS

SOUND = file_of(sound_rows())
CORRECTED = file_of(sound_rows(50))
ONE_BROKEN = file_of([*sound_rows(), row(99, crime_type="Mischief")])


def numbers_standing(drop: Drop) -> list[int]:
    return [receipt.receipt_number for receipt in standing(drop.receipts())]


def test_a_receipt(drop: Drop) -> None:
    receipt = drop.take(ONE_BROKEN)
    assert (receipt.receipt_number, receipt.supplier) == (1, "leicestershire")
    assert (receipt.period_start, receipt.period_end) == ("2021-04-01", "2021-04-30")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", receipt.received_at)
    assert receipt.raw_file == f"police/street_crime/2021-04_leicestershire_{receipt.file_sha256[:16]}.parquet"
    assert re.fullmatch(
        rf"police/street_crime/{receipt.file_sha256[:16]}_[0-9a-f]{{8}}\.parquet", str(receipt.rejected_file)
    )
    assert (drop.folder.raw / receipt.raw_file).exists()
    assert (drop.folder.rejected / receipt.rejected_file).exists()
    assert for_owner(receipt.reasons) == ["1 of 41 rows break the contract."]
    assert drop.receipts() == [receipt]
    assert latest_period_end(drop.receipts()) is not None


def test_the_same_bytes_again_change_nothing(drop: Drop) -> None:
    drop.take(ONE_BROKEN)
    raw, rejected = drop.raw(), drop.rejected("*")
    again = drop.take(ONE_BROKEN, "again/" + NAME)
    assert again.outcome == "duplicate"
    assert (again.rows_delivered, again.rows_accepted, again.rows_rejected) == (41, 40, 1)
    assert for_owner(again.reasons) == ["The same bytes as receipt 1 (partly accepted)."]
    assert (again.raw_file, again.rejected_file) == (None, None)
    assert (drop.raw(), drop.rejected("*")) == (raw, rejected)
    assert numbers_standing(drop) == [1]


def test_touching_a_landed_file_is_a_duplicate(drop: Drop) -> None:
    drop.take(SOUND)
    drop.put(SOUND, age_seconds=30)
    assert [receipt.outcome for receipt in drop.take_in().receipts] == ["duplicate"]


def test_another_file_for_the_period_supersedes(drop: Drop) -> None:
    drop.take(SOUND)
    drop.take(CORRECTED)
    assert numbers_standing(drop) == [2]
    assert drop.receipts()[0].outcome == "accepted"


def test_going_back_to_superseded_bytes_is_a_duplicate_that_says_so(drop: Drop) -> None:
    drop.take(SOUND)
    drop.take(CORRECTED)
    again = drop.take(SOUND, "again/" + NAME)
    assert again.outcome == "duplicate"
    assert "superseded" in for_owner(again.reasons)[0]
    assert numbers_standing(drop) == [2]


def test_another_force_or_month_supersedes_nothing(drop: Drop) -> None:
    drop.take(SOUND)
    drop.take(file_of([row(2, falls_within="Kent Police")]), "2021-04-kent-street.csv")
    drop.take(file_of([row(2, month="2021-05")]), "2021-05-leicestershire-street.csv")
    assert numbers_standing(drop) == [1, 2, 3]


def test_a_refused_file_displaces_nothing(drop: Drop) -> None:
    drop.take(SOUND)
    refused = drop.take(SOUND.replace(b"Month", b"Mois", 1))
    assert refused.outcome == "refused"
    assert numbers_standing(drop) == [1]


def test_bytes_refused_for_their_name_may_come_again_under_a_right_one(drop: Drop) -> None:
    assert drop.take(SOUND, "april.csv").outcome == "refused"
    assert drop.take(SOUND, "april again.csv").outcome == "duplicate"
    assert drop.take(SOUND).outcome == "accepted"
    assert drop.take(SOUND, "again/" + NAME).outcome == "duplicate"


@pytest.mark.parametrize(
    ("feed", "wrong", "told", "right"),
    [
        (
            "police/user_survey",
            "2008-10-leicestershire-user-survey.csv",
            "must look like '2008-09-leicestershire-user-survey.csv', which is 2008-04-01 to 2009-03-31.",
            "2008-09-leicestershire-user-survey.csv",
        ),
        (
            "fire/incidents",
            "2008-05-leicestershire-fire-incidents.csv",
            "before 2009-04-01, when",
            "2008-05-leicestershire-fdr-return.csv",
        ),
    ],
)
def test_a_wrong_name_of_the_right_period_does_not_make_the_bytes_known(
    drop: Drop, feed: str, wrong: str, told: str, right: str
) -> None:
    drop.contract = load_contracts()[feed]
    assert told in for_owner(drop.take(SOUND, wrong).reasons)[0]
    assert drop.take(SOUND, "again/" + wrong).outcome == "duplicate"
    read = drop.take(SOUND, right)
    assert read.outcome == "refused"
    assert for_owner(read.reasons)[0].startswith("The first row names 0 of")
    for name in (right, wrong, right):
        assert drop.take(SOUND, "once more/" + name).outcome == "duplicate"


@pytest.fixture
def next_contract(contract: Contract) -> Contract:
    """The next version of the contract, under which any crime type goes."""
    rules = tuple(rule for rule in contract.row_rules if rule.name != "crime_type_known")
    return dataclasses.replace(contract, version="2.0.0", row_rules=rules)


def test_a_changed_contract_takes_rejected_rows_again(drop: Drop, next_contract: Contract) -> None:
    drop.take(ONE_BROKEN)
    drop.put(SOUND, "2021-04-kent-street.csv")
    drop.put(file_of([row(2, month="2021-05")]), "2021-05-leicestershire-street.csv")
    drop.take_in()
    drop.contract = next_contract
    again = drop.take_in().receipts
    assert [(receipt.file_name, receipt.outcome, receipt.contract_version) for receipt in again] == [
        (NAME, "accepted", "2.0.0"),
        ("2021-04-kent-street.csv", "refused", "2.0.0"),
    ]
    assert again[0].rows_accepted == 41
    assert again[0].receipt_number in numbers_standing(drop)
    assert len(list(drop.folder.rejected_of(drop.contract.key).iterdir())) == 2
    assert drop.take_in().receipts == ()


def test_a_changed_contract_leaves_sound_deliveries_alone(drop: Drop, next_contract: Contract) -> None:
    drop.take(SOUND)
    drop.contract = next_contract
    assert drop.take_in().receipts == ()
    assert drop.take(SOUND, "again/" + NAME).outcome == "duplicate"


def test_a_changed_column_type_takes_sound_deliveries_again(drop: Drop, contract: Contract) -> None:
    """The models would read text beside numbers otherwise, and stop."""
    drop.take(SOUND)
    assert {type(value) for (value,) in drop.raw("longitude")} == {float}
    columns = tuple(
        dataclasses.replace(column, logical_type="string") if column.name == "longitude" else column
        for column in contract.columns
    )
    rules = tuple(rule for rule in contract.row_rules if "longitude" not in repr(rule))
    drop.contract = dataclasses.replace(contract, version="2.0.0", columns=columns, row_rules=rules)
    (again,) = drop.take_in().receipts
    assert (again.outcome, again.rows_accepted, again.contract_version) == ("accepted", 40, "2.0.0")
    assert {type(value) for (value,) in drop.raw("longitude")} == {str}
    assert drop.take_in().receipts == ()
    assert drop.take(SOUND, "again/" + NAME).outcome == "duplicate"


def test_a_delivery_that_a_changed_contract_refuses_stands_and_says_in_what_it_differs(
    drop: Drop, contract: Contract
) -> None:
    drop.take(SOUND)
    sent = next(column for column in contract.columns if column.name == "location")
    retyped = dataclasses.replace(sent, logical_type="integer")
    columns = tuple(retyped if column == sent else column for column in contract.columns)
    rule = RowRule(
        "location_integer",
        "location",
        "Location must be a whole number.",
        f"{text_column('location', 'integer')} is null or location is not null",
        is_type=True,
    )
    drop.contract = dataclasses.replace(
        contract, version="2.0.0", columns=columns, row_rules=(*contract.row_rules, rule)
    )
    (again,) = drop.take_in().receipts
    assert (again.outcome, numbers_standing(drop)) == ("refused", [1])
    retyped_reason, *_, stands = for_owner(again.reasons)
    assert retyped_reason.endswith("The first is in row 2: 'On or near High Street'.")
    assert "High Street" not in " ".join(published(again.reasons, of_people=False))
    assert f"receipt 1, read under version {contract.version}, still stands" in stands
    assert "'Location' (a whole number, was text)" in stands
    assert "`csp withdraw 1 " in stands


def test_of_two_versions_in_one_night_the_later_to_arrive_stands_and_says_so(drop: Drop) -> None:
    drop.put(CORRECTED, "a/" + NAME, age_seconds=60)
    drop.put(SOUND, "b/" + NAME, age_seconds=120)
    first, second = drop.take_in().receipts
    assert (first.rows_accepted, second.rows_accepted) == (40, 50)
    assert numbers_standing(drop) == [2]
    assert for_owner(first.warnings) == []
    assert for_owner(second.warnings) == ["Replaces receipt 1, taken in by the same run: the later one stands."]


def test_replacing_a_delivery_of_an_earlier_night_is_no_warning(drop: Drop) -> None:
    drop.take(SOUND)
    assert for_owner(drop.take(CORRECTED).warnings) == []


def test_a_changed_contract_does_not_bring_back_what_a_correction_replaced(drop: Drop, next_contract: Contract) -> None:
    drop.take(ONE_BROKEN, "a/" + NAME)
    drop.take(CORRECTED, "b/" + NAME)
    drop.contract = next_contract
    assert drop.take_in().receipts == ()
    assert numbers_standing(drop) == [2]


def test_a_file_whose_receipt_the_ledger_has_lost_is_taken_in_again(drop: Drop) -> None:
    first = drop.take(file_of(sound_rows()))
    lines = drop.folder.receipts.read_bytes()
    second = drop.take(file_of([row(2, month="2021-05")]), "2021-05-leicestershire-street.csv")
    drop.folder.receipts.write_bytes(lines)
    (again,) = drop.take_in().receipts
    assert drop.receipts() == [first, again]
    assert (again.receipt_number, again.file_sha256, again.outcome) == (2, second.file_sha256, "accepted")
    assert drop.take_in().receipts == ()


def test_a_file_replaces_that_of_its_own_part_alone(tmp_path: Path) -> None:
    """Estimates come a file a district: each stands, and a corrected one takes the place of its own."""
    drop = Drop(DataFolder(tmp_path), BY_SEX.contract)
    sound, corrected = (BY_SEX.content([BY_SEX.row(1_000_000 + number) for number in range(n)]) for n in (10, 11))
    elsewhere = BY_SEX.content([BY_SEX.row(2_000_000 + number) for number in range(10)])
    for content, name in (
        (sound, "trafford_mid_2022_lsoa21.csv"),
        (elsewhere, "dover_mid_2022_lsoa21.csv"),
        (corrected, "trafford_mid_2022_lsoa21.csv"),
    ):
        assert drop.take(content, name).outcome == "accepted"
    assert numbers_standing(drop) == [2, 3]


OLD_HEADER = b"Month,Reported by,Falls within,Easting,Northing,Location,Crime type,Context\n"


def old_street(month: str) -> bytes:
    row = f"{month},Leicestershire Police,Leicestershire Police,457000,305000,On or near X,Burglary,\n"
    return OLD_HEADER + row.encode() * 3


def test_an_old_street_file_counts_without_the_columns_that_came_later(drop: Drop) -> None:
    receipt = drop.take(old_street("2012-04"), "2012-04-leicestershire-street.csv")
    assert (receipt.outcome, receipt.rows_accepted) == ("accepted", 3)
    assert "It lacks columns 'Crime ID', 'Longitude', 'Latitude'" in " ".join(for_owner(receipt.warnings))
    assert drop.raw("DISTINCT crime_id, lsoa_code, longitude, crime_type", "crime_type") == [
        (None, None, None, "Burglary")
    ]


def test_a_street_file_of_2014_may_not_lack_them(drop: Drop) -> None:
    receipt = drop.take(old_street("2014-01"), "2014-01-leicestershire-street.csv")
    assert receipt.outcome == "refused"
    assert "Missing columns 'Crime ID', 'Longitude', 'Latitude', 'LSOA code'" in " ".join(for_owner(receipt.reasons))


def test_bytes_that_count_for_another_supplier_are_told_as_such(tmp_path: Path) -> None:
    searches = Drop(DataFolder(tmp_path), load_contracts()["police/stop_and_search"])
    content = STOPS.content([STOPS.row(number) for number in range(2, 12)])
    first = searches.take(content, STOPS.name)
    other = searches.take(content, STOPS.name.replace("leicestershire", "durham"))
    assert (first.outcome, other.outcome) == ("accepted", "duplicate")
    assert "counts for another supplier or period than this file's name tells" in " ".join(for_owner(other.reasons))
