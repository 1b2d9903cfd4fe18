"""A contract proposed from a sample: it loads, it takes the sample in, and what the sample leaves open it says."""

from pathlib import Path

import pytest
import xlsxwriter
import yaml

from sources.contract.load import Contract, contracts_with
from sources.folder.data_folder import DataFolder
from sources.intake.take_in import take_in
from sources.partnership.folder import FolderError, PartnershipFolder
from sources.start.new_feed import NewFeed, new_feed
from sources.start.sample import SampleError

HEADER = "Visit No.,Visited,Kind,Homes,Cost,Alarm?,Code,Ward,Closed"
KINDS = ("Home visit", "School talk")


def rows(count: int = 12) -> list[str]:
    """Return rows of a month: a key, a day, one of two kinds, numbers, a flag, a code with zeros, a ward, a blank."""
    return [
        f'V{number},{number:02d}/05/2009,{KINDS[number % 2]},{number},"1,{number:03d}.50",{"YN"[number % 2]},'
        f"0{number},{'E05005503' if number % 3 else ''},"
        for number in range(1, count + 1)
    ]


def proposed(
    tmp_path: Path, lines: list[str], name: str = "2009-05-leicestershire-visits.csv", encoding: str = "utf-8"
) -> NewFeed:
    """Write a sample, and return what is proposed for `fire/visits`."""
    sample = tmp_path / name
    sample.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
    return new_feed(PartnershipFolder(tmp_path / "partnership"), "fire/visits", sample)


def contract_of(feed: NewFeed) -> Contract:
    return contracts_with(PartnershipFolder(feed.file.parents[2]))["fire/visits"]


def outcome(tmp_path: Path, contract: Contract, sample: Path) -> str:
    """Take a file in under a contract, and return what became of it."""
    folder = DataFolder(tmp_path / "data")
    landing = folder.landing_of(contract.key)
    landing.mkdir(parents=True)
    (landing / sample.name).write_bytes(sample.read_bytes())
    [receipt] = take_in(contract, folder, lambda _: None, settle_seconds=0).receipts
    return receipt.outcome


def test_the_proposal_takes_the_sample_in(tmp_path: Path) -> None:
    feed = proposed(tmp_path, [HEADER, *rows()])
    contract = contract_of(feed)
    assert {column.name: column.logical_type for column in contract.columns} == {
        "visit_no": "string",
        "visited": "date",
        "kind": "string",
        "homes": "integer",
        "cost": "number",
        "alarm": "boolean",
        "code": "string",
        "ward": "string",
        "closed": "string",
    }
    counted = contract.counted_as
    assert counted is not None
    assert (counted.by, counted.date, counted.category, counted.categories) == ("month", "visited", "kind", KINDS)
    assert (dict(counted.place), counted.record) == ({"ward": "ward"}, "visit_no")
    assert counted.area_levels == ("fire_service", "district", "ward")
    assert (contract.cadence, contract.supplier, contract.first_period) == ("monthly", None, "2009-05-01")
    assert outcome(tmp_path, contract, tmp_path / "2009-05-leicestershire-visits.csv") == "accepted"


def test_what_the_sample_leaves_open_is_said(tmp_path: Path) -> None:
    text = proposed(tmp_path, [HEADER, *rows()]).file.read_text()
    for remark in (
        "the sample can be read as MM/dd/yyyy too",
        "blank in the whole sample",
        "all 12 values of the sample differ",
        "A row with any other is rejected",
        "above this share of broken rows",
    ):
        assert sum("CHECK" in line and remark in line for line in text.splitlines()) >= 1, remark
    assert yaml.safe_load(text)["status"] == "draft"


def test_a_workbook_is_read_from_its_header_on(tmp_path: Path) -> None:
    sample = tmp_path / "Visits May2009.xlsx"
    with xlsxwriter.Workbook(sample) as book:
        book.add_worksheet("Notes").write(0, 0, "Extract of visits")
        sheet = book.add_worksheet("Visits")
        sheet.write(0, 0, "Visits of May 2009")
        for place, header in enumerate(("Visit No", "Homes", "District")):
            sheet.write(2, place, header)
        for number in range(1, 6):
            for place, value in enumerate((f"V{number}", number, "E07000133")):
                sheet.write(2 + number, place, value)
    feed = new_feed(PartnershipFolder(tmp_path / "partnership"), "fire/visits", sample)
    contract = contract_of(feed)
    assert (contract.sheet, contract.sheet_header_row, contract.period_format) == ("Visits", 3, "%B%Y")
    assert [column.logical_type for column in contract.columns] == ["string", "integer", "string"]
    assert 'the sample has "Notes" too' in feed.file.read_text()
    assert outcome(tmp_path, contract, sample) == "accepted"


def test_a_column_that_looks_personal_is_marked_and_shows_no_value(tmp_path: Path) -> None:
    lines = ["Case,Surname,Contact,Seen"]
    lines += [f"C{number},Featherstonehaugh,me{number}@example.com,2009-05-0{number}" for number in range(1, 9)]
    feed = proposed(tmp_path, lines)
    assert [column.header for column in feed.proposal.personal] == ["Surname", "Contact"]
    contract = contract_of(feed)
    assert contract.rows_are_people
    assert [column.hash_namespace for column in contract.columns] == [None, "person", "person", None]
    assert contract.columns[0].name == "column_case", "case is a word of SQL"
    text = feed.file.read_text()
    assert "Featherstonehaugh" not in text
    assert "example.com" not in text


@pytest.mark.parametrize(
    ("lines", "encoding", "found"),
    [
        (["Café;Total", *(f"Zoë {number};{number}" for number in range(9))], "latin-1", (";", "windows-1252", 1)),
        (
            ["Extract of visits", "", "Place,Total", *(f"Place {number},{number}" for number in range(9))],
            "utf-8",
            (",", "utf-8", 3),
        ),
    ],
)
def test_how_it_is_written(tmp_path: Path, lines: list[str], encoding: str, found: tuple[str, str, int]) -> None:
    contract = contract_of(proposed(tmp_path, lines, "visits.csv", encoding))
    assert (contract.delimiter, contract.encoding, contract.header_row) == found


def test_a_mark_for_a_missing_value_makes_no_text_of_numbers(tmp_path: Path) -> None:
    contract = contract_of(
        proposed(tmp_path, ["Ward,Total", *(f"E0500550{number},{number}" for number in range(9)), "E05005510,[x]"])
    )
    assert contract.missing_values == ("[x]",)
    assert [column.logical_type for column in contract.columns] == ["string", "integer"]


@pytest.mark.parametrize(
    ("name", "example", "period_format"),
    [
        ("visits.csv", "2009-05-visits.csv", "%Y-%m"),
        ("Visits (May 2009).csv", "Visits (May 2009).csv", "%B %Y"),
        ("visits_200905 (1).csv", "visits_200905.csv", "%Y%m"),
        ("visits-may_2009.csv", "visits-may_2009.csv", "%B_%Y"),
    ],
)
def test_the_pattern_of_names_comes_from_the_sample(
    tmp_path: Path, name: str, example: str, period_format: str
) -> None:
    feed = proposed(tmp_path, [HEADER, *rows()], name)
    contract = contract_of(feed)
    assert (contract.file_name_example, contract.period_format) == (example, period_format)
    assert contract.supplier == "fire"
    assert ("tells no period" in feed.file.read_text()) == (example != name.replace(" (1)", ""))


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    feed = proposed(tmp_path, [HEADER, *rows()])
    before = feed.file.read_bytes()
    with pytest.raises(FolderError, match="is there already"):
        proposed(tmp_path, [HEADER, *rows(5)])
    assert feed.file.read_bytes() == before
    with pytest.raises(FolderError, match=r"incidents\.odcs\.yaml is there already"):
        new_feed(
            PartnershipFolder(tmp_path / "partnership"),
            "fire/incidents",
            tmp_path / "2009-05-leicestershire-visits.csv",
        )
    with pytest.raises(FolderError, match="cannot name a feed"):
        new_feed(
            PartnershipFolder(tmp_path / "partnership"), "Fire/Visits", tmp_path / "2009-05-leicestershire-visits.csv"
        )


@pytest.mark.parametrize(
    ("lines", "expected"), [(["One", "1"], "fewer than two columns"), (["A,B"], "no rows"), ([""], "is empty")]
)
def test_what_is_no_table_is_refused(tmp_path: Path, lines: list[str], expected: str) -> None:
    with pytest.raises(SampleError, match=expected):
        proposed(tmp_path, lines)


def test_a_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    broken = ["V13,13/05/2009,Home visit", 'V14,14/05/2009,"Home" visit,1,1.50,Y,014,,']
    feed = proposed(tmp_path, [HEADER, *rows(), *broken, *rows(2)])
    assert feed.proposal.sample.row_count == 14
    assert [line.split(":")[0] for line in feed.proposal.sample.unread] == ["line 14", "line 15"]
    assert "# CHECK: nothing below knows of 2 line(s)" in feed.file.read_text()


def test_one_bad_date_among_many_does_not_make_the_column_a_text(tmp_path: Path) -> None:
    feed = proposed(tmp_path, [HEADER, *[row.replace("07/05/2009", "31/02/2009") for row in rows(20)]])
    visited = next(column for column in contract_of(feed).columns if column.name == "visited")
    assert visited.logical_type == "date"
    assert "# CHECK: 1 of 20 different values is no such date" in feed.file.read_text()
    few = [row if "V3," in row else row.replace("/05/2009", " May") for row in rows(9)]
    (tmp_path / "few").mkdir()
    mixed = proposed(tmp_path / "few", [HEADER, *few])
    assert {column.name: column.logical_type for column in contract_of(mixed).columns}["visited"] == "string"
