"""Personal data that nobody agreed to send is refused before it is archived, and its bytes are in quarantine alone."""

import dataclasses
import hashlib
import stat
from pathlib import Path

import pytest

from sources.contract.header_names import plain_header
from sources.contract.load import Contract, load_contracts
from sources.contract.personal_list import personal_list
from sources.folder.data_folder import DataFolder
from sources.folder.landed import Candidate
from sources.intake.take_in import IntakeFailed
from sources.ledger.receipts import Receipt
from sources.reasons.reason import for_owner

from .conftest import FEED, HEADER, NAME, Drop, file_of, sound_rows
from .feed_forms import RECORDED_CRIME
from .test_workbooks import HEADER as SHEET_HEADER
from .test_workbooks import NAME as BOOK_NAME
from .test_workbooks import SHEET, crime, workbook
from .test_zips import zip_of

SECRET = "Zebedee"
SOUND = file_of(sound_rows())


@pytest.fixture
def contract() -> Contract:
    """Return the contract of street crime as if it were no open data, of which columns' names tell nothing."""
    return dataclasses.replace(load_contracts()[FEED], licence="Shared under a protocol")


def with_column(header: str, value: str = SECRET) -> bytes:
    return file_of([f"{line},{value}" for line in sound_rows()], header=f"{HEADER},{header}")


def only_in_quarantine(drop: Drop, receipt: Receipt, secret: str = SECRET) -> None:
    """Check that neither the bytes nor the value are anywhere in the data folder but in quarantine."""
    assert (receipt.outcome, receipt.carries_personal_data) == ("refused", True)
    assert (receipt.raw_file, receipt.rejected_file, for_owner(receipt.warnings)) == (None, None, [])
    assert not drop.folder.archived(receipt.file_sha256).exists()
    for file in drop.folder.root.rglob("*"):
        assert secret not in file.name
        if file.is_file() and file.parent != drop.folder.quarantine:
            assert secret.encode() not in file.read_bytes(), file
    assert not [file for file in drop.landing.rglob("*") if file.is_file()]
    assert not any(secret in line for line in drop.said)
    landed = drop.folder.quarantined(receipt.container_sha256 or receipt.file_sha256)
    assert hashlib.sha256(landed.read_bytes()).hexdigest() == landed.name
    assert stat.S_IMODE(landed.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in landed.parent.iterdir()} == {0o600}
    assert drop.take_in().receipts == ()


@pytest.mark.parametrize(
    "header",
    ["Surname", "VICTIM_SURNAME", "Child's DOB", "D.O.B.", "Post Code", "Address Line 2", "NHS No", "e-mail", '"Name"'],
)
def test_a_personal_header_refuses_the_file_and_moves_it_to_quarantine(drop: Drop, header: str) -> None:
    receipt = drop.take(with_column(header))
    assert receipt.reasons[0].code == "personal_column"
    assert header.strip('" ') in receipt.reasons[0].as_sent
    assert "moved to quarantine" in for_owner(receipt.reasons)[-1]
    only_in_quarantine(drop, receipt)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("LE13 1AB", "full postcodes"),
        ("le131ab", "full postcodes"),
        ("943 476 5919", "NHS numbers"),
        ("QQ123456C", "national insurance numbers"),
        ("zebedee@example.org", "e-mail addresses"),
        ("01664 502502", "telephone numbers"),
        ("02/11/1974", "dates of birth"),
        ("1974-11-02", "dates of birth"),
    ],
)
def test_values_tell_a_column_under_another_header(drop: Drop, value: str, kind: str) -> None:
    receipt = drop.take(with_column("Ref", value))
    assert (
        receipt.reasons[0].published(of_people=True) == f"Column number 13 seems to hold {kind}, which are not agreed."
    )
    only_in_quarantine(drop, receipt, value)


def test_a_few_such_values_and_what_is_agreed_are_no_matter(drop: Drop) -> None:
    rows = [f"{line},{'LE13 1AB' if n < 20 else 'LE13'}" for n, line in enumerate(sound_rows())]
    receipt = drop.take(file_of(rows, header=f"{HEADER},Sector"))
    assert (receipt.outcome, receipt.carries_personal_data) == ("accepted", False)
    assert drop.folder.archived(receipt.file_sha256).exists()


def test_what_a_contract_agrees_or_forbids_goes_before_the_list(tmp_path: Path, contract: Contract) -> None:
    columns = tuple(
        dataclasses.replace(column, header="Surname", headers=("Surname",)) if column.name == "context" else column
        for column in contract.columns
    )
    agreed = dataclasses.replace(
        contract, columns=columns, forbidden_columns=(("Shoe size", "sizes single people out."),)
    )
    drop = Drop(DataFolder(tmp_path / "data"), agreed)
    header = HEADER.replace("Context", "Surname")
    assert drop.take(file_of(sound_rows(), header=header)).outcome == "accepted"
    rows = [f"{line},{SECRET}" for line in sound_rows()]
    receipt = drop.take(file_of(rows, header=f"{header},shoe_size"))
    assert for_owner(receipt.reasons)[0] == (
        "Column number 13 must not be sent: sizes single people out. It is named 'shoe_size'."
    )
    only_in_quarantine(drop, receipt)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (with_column("Surname"), "april.csv"),
        (with_column("Surname"), "2999-01-leicestershire-street.csv"),
        (with_column("Surname").replace(b"Month", b"Mois", 1), NAME),
        (with_column("Surname").replace(b",", b";"), NAME),
        (with_column("Surname").decode().encode("utf-16"), NAME),
        (b"explanation\n\n" + with_column("Surname"), NAME),
        (file_of([f"{n},{SECRET},x,y" for n in range(9)], header="ref,surname,a,b"), NAME),
        (file_of([f"{n},{SECRET},LE13 1AB,y" for n in range(9)], header="1,Zebedee,LE13 1AB,y"), NAME),
        (zip_of({"notes/other.txt": b"hello", "people.csv": with_column("Surname")}), "people.csv"),
    ],
    ids=["name", "future", "missing", "delimiter", "utf-16", "preamble", "other header", "no header", "zip as csv"],
)
def test_a_file_that_is_refused_for_something_else_is_looked_at_too(drop: Drop, content: bytes, name: str) -> None:
    only_in_quarantine(drop, drop.take(content, name))


def test_a_member_of_a_zip_is_refused_and_the_zip_goes(drop: Drop) -> None:
    may = file_of([line.replace("2021-04", "2021-05") for line in sound_rows()])
    drop.put(zip_of({NAME: with_column("Surname"), "2021-05-leicestershire-street.csv": may}), "download.zip")
    bad, good = drop.take_in().receipts
    assert (good.outcome, good.carries_personal_data) == ("accepted", False)
    assert drop.folder.archived(good.file_sha256).exists()
    only_in_quarantine(drop, bad)


def test_a_zip_without_any_file_of_the_feed_is_looked_into(drop: Drop) -> None:
    only_in_quarantine(drop, drop.take(zip_of({"x-outcomes.csv": with_column("Surname")}), "download.zip"))


@pytest.fixture
def books(tmp_path: Path) -> Drop:
    return Drop(DataFolder(tmp_path / "data"), RECORDED_CRIME.contract)


def book(sheets: dict[str, list[list[object]]]) -> bytes:
    return workbook(sheets)  # type: ignore[arg-type]


def test_a_workbook_with_a_personal_column(books: Drop) -> None:
    rows = [[*SHEET_HEADER, "Surname"], *([*crime(n), SECRET] for n in range(1, 30))]
    only_in_quarantine(books, books.take(book({SHEET: rows}), BOOK_NAME))


@pytest.mark.parametrize("name", [BOOK_NAME, "april.xlsx", RECORDED_CRIME.name])
@pytest.mark.parametrize(
    "second",
    [
        [["Source"], ["people"], ["Crime No", "Surname", "Beat"], ["1", SECRET, "NR31"]],
        [["a", "b", "c"], *[[SECRET, "LE13 1AB", "x"]] * 3],
    ],
    ids=["header", "values"],
)
def test_another_sheet_with_people_in_it(books: Drop, second: list[list[object]], name: str) -> None:
    sheets = {SHEET: [SHEET_HEADER, *(crime(n) for n in range(1, 30))], "Sheet2": second}
    only_in_quarantine(books, books.take(book(sheets), name))


def test_a_sheet_that_counts_ways_of_reporting_is_no_matter(books: Drop) -> None:
    pivot = [["Telephone", "E-mail", "In person"], [1, 2, 3], ["Contact", "Telephone", "x"]]
    sheets = {SHEET: [SHEET_HEADER, *(crime(n) for n in range(1, 30))], "Pivot": pivot}
    assert books.take(book(sheets), BOOK_NAME).outcome == "accepted"


def test_one_full_postcode_is_one_too_many_where_the_contract_says_so(tmp_path: Path, contract: Contract) -> None:
    columns = tuple(
        dataclasses.replace(column, never_full_postcode=column.name == "location") for column in contract.columns
    )
    drop = Drop(DataFolder(tmp_path / "data"), dataclasses.replace(contract, columns=columns))
    assert drop.take(SOUND.replace(b"High Street", b"LE13 or E05005503")).outcome == "accepted"
    receipt = drop.take(SOUND.replace(b"High Street", b"Zebedee le13 1ab road", 1))
    assert for_owner(receipt.reasons)[0] == "Column 'Location' holds full postcodes, which are not agreed."
    only_in_quarantine(drop, receipt)


def test_sent_again_it_is_refused_again_and_a_clean_one_is_taken(drop: Drop) -> None:
    drop.take(with_column("Surname"))
    again = drop.take(with_column("Surname"))
    assert (again.outcome, again.carries_personal_data) == ("duplicate", True)
    assert not [file for file in drop.landing.rglob("*") if file.is_file()]
    assert drop.take(SOUND).outcome == "accepted"


def test_a_file_that_cannot_be_deleted_stays_pending_and_says_so(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_: Candidate) -> None:
        raise PermissionError(13, "Permission denied")

    drop.put(with_column("Surname"))
    monkeypatch.setattr(Candidate, "delete", denied)
    with pytest.raises(IntakeFailed, match=r"cannot be deleted \(Permission denied\): delete it"):
        drop.take_in()
    monkeypatch.undo()
    assert drop.take_in().receipts == ()
    assert not list(drop.landing.iterdir())


def test_the_list_reads_headers_by_letters_and_digits() -> None:
    assert plain_header(" Address_Line-2 ") == "addressline"
    assert personal_list().kind("Offender’s Date of Birth") == "a date of birth"
    for harmless in (
        "Force Name",
        "CSP Name",
        "area_name",
        "Beat name",
        "Postcode sector",
        "Outward postcode",
        "1",
        "",
    ):
        assert personal_list().kind(harmless) is None


def test_no_contract_agrees_a_personal_header_without_saying_so() -> None:
    for contract in load_contracts().values():
        for document in contract.documents:
            for column in document.columns:
                kinds = [personal_list().kind_to_agree(one, document.is_open_data) for one in column.headers]
                assert column.is_personal or not any(kinds)


def test_where_rows_are_people_a_column_that_is_not_agreed_is_refused(tmp_path: Path, contract: Contract) -> None:
    """No list holds every header under which a name can come."""
    drop = Drop(DataFolder(tmp_path / "data"), dataclasses.replace(contract, rows_are_people=True))
    receipt = drop.take(with_column("Alleged perp (full)"))
    assert for_owner(receipt.reasons)[0] == (
        "Column number 13 is not agreed, and the rows are people: it may tell who they are. "
        "It is named 'Alleged perp (full)'."
    )
    only_in_quarantine(drop, receipt)
    assert drop.take(SOUND).outcome == "accepted"


def test_feeds_that_hash_people_and_those_of_patients_refuse_what_is_not_agreed() -> None:
    """And a column that is to hold the outward half of a postcode never holds a whole one."""
    contracts = load_contracts()
    of_people = {
        key for key, contract in contracts.items() if contract.hashed_columns or key.startswith(("pct/", "partners/"))
    }
    assert {key for key in of_people if not contracts[key].rows_are_people} == set()
    halves = [
        (key, column)
        for key, contract in contracts.items()
        for column in contract.columns
        if "postcode" in column.name or "postcode" in column.description.lower()
    ]
    assert [key for key, _ in halves] == ["pct/hospital_admissions"]
    assert all(column.never_full_postcode for _, column in halves)
