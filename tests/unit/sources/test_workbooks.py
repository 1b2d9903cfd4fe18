"""Excel workbooks: the same rows as a CSV file, with the row numbers that the spreadsheet shows, and clear refusals."""

import dataclasses
import datetime as dt
import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlsxwriter

from sources.folder.data_folder import DataFolder
from sources.reading import limits
from sources.reading.workbook import as_text
from sources.reasons.reason import for_owner

from .conftest import Drop
from .every_form import FORMS
from .feed_forms import RECORDED_CRIME, Form
from .test_zips import zip_of

Cell = str | float | bool | dt.date | dt.datetime | dt.time | None
SHEET = "Recorded crime"
HEADER: list[Cell] = list(RECORDED_CRIME.sound)
CSV_NAME = RECORDED_CRIME.name
NAME = CSV_NAME.replace(".csv", ".xlsx")


def workbook(sheets: dict[str, Sequence[Sequence[Cell]]]) -> bytes:
    """Return a workbook as Excel would save it."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        time = book.add_format({"num_format": "hh:mm"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, dt.time):
                        sheet.write_datetime(number, column, value, time)
                    elif isinstance(value, dt.date):
                        sheet.write_datetime(number, column, value, day)
                    elif isinstance(value, str):
                        sheet.write_string(number, column, value)
                    elif value is not None:
                        sheet.write(number, column, value)
    return buffer.getvalue()


def crime(number: int, **changes: Cell) -> list[Cell]:
    return [changes.get(header, value.replace("{n}", str(number))) for header, value in RECORDED_CRIME.sound.items()]


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    return Drop(DataFolder(tmp_path / "data"), RECORDED_CRIME.contract)


@pytest.mark.parametrize("form", [form for form in FORMS if form.own_contract.sheet], ids=lambda form: form.document)
def test_a_workbook_holds_what_the_csv_holds(form: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Both data folders hash under one key; each would make its own.
    monkeypatch.setenv("CSP_LINK_KEY", hashlib.sha256(b"a key").hexdigest())
    rows = [form.row(7_000_000 + number) for number in range(20)]
    own = form.own_contract
    above = form.above or [["explanation"]] * (own.sheet_header_row - 1)
    taken = []
    for kind, content in (
        ("csv", form.content(rows)),
        ("xlsx", workbook({str(own.sheet): [*above, list(form.sound), *rows]})),
    ):
        drop = Drop(DataFolder(tmp_path / kind), form.contract)
        receipt = drop.take(content, form.name.replace(".csv", f".{kind}"))
        assert (receipt.outcome, receipt.rows_accepted, for_owner(receipt.warnings)) == ("accepted", 20, []), for_owner(
            receipt.reasons
        )
        # A workbook may have more above its header than the text.
        taken.append(drop.raw("* EXCLUDE (file_sha256) REPLACE (row_number - min(row_number) OVER () AS row_number)"))
    assert taken[0] == taken[1]


def test_cells_are_read_as_a_person_sees_them(drop: Drop) -> None:
    typed = dict(zip(map(str, HEADER), crime(1), strict=True))
    typed |= {
        "HO Class": 2801.0,
        "Date Recorded": dt.date(2008, 4, 14),
        "Date From": 39550,
        "Date To": "13-Apr-2008",
        "Time From": dt.time(23, 15),
        "Easting": 475250.5,
        "DV Flag": True,
        "No Crime": False,
        "Last Updated": dt.datetime(2008, 5, 2, 9, 30),  # noqa: DTZ001
        "Locality": 'The "Estate",\nnorth',
    }
    receipt = drop.take(workbook({"Notes": [["x"]], SHEET: [HEADER, list(typed.values())]}), NAME)
    assert (receipt.outcome, for_owner(receipt.warnings)) == ("accepted", []), for_owner(receipt.reasons)
    assert drop.raw(
        "offence_code, date_recorded::text, date_from::text, date_to::text, time_from, easting, domestic_flag, "
        "no_crime, last_updated::text, locality, row_number"
    ) == [
        (
            "2801",
            "2008-04-14",
            "2008-04-12",
            "2008-04-13",
            "23:15",
            475250.5,
            True,
            False,
            "2008-05-02",
            'The "Estate",\nnorth',
            2,
        )
    ]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (2801.0, "2801"),
        (4.1, "4.1"),
        (-0.5, "-0.5"),
        (True, "true"),
        (dt.date(2008, 4, 1), "2008-04-01"),
        (dt.datetime(2008, 4, 1), "2008-04-01"),  # noqa: DTZ001
        (dt.datetime(2008, 4, 1, 9, 5), "2008-04-01 09:05:00"),  # noqa: DTZ001
        (dt.time(9, 5), "09:05"),
        (dt.time(9, 5, 7), "09:05:07"),
        (dt.timedelta(hours=30), "1 day, 6:00:00"),
        ("028", "028"),
    ],
)
def test_as_text(cell: Cell | dt.timedelta, text: str) -> None:
    assert as_text(cell) == text  # type: ignore[arg-type]


def test_row_numbers_are_those_of_the_spreadsheet(drop: Drop) -> None:
    blank: list[Cell] = [None]
    rows = [
        HEADER,
        crime(1),
        blank,
        crime(2, **{"No Crime": "X"}),
        blank,
        blank,
        crime(3),
        *[crime(n) for n in range(9, 60)],
    ]
    rows += [["Grand Total", 53], blank, ["  "]]
    receipt = drop.take(workbook({SHEET: rows}), NAME)
    assert receipt.rejected_by_rule == {"no_crime_boolean": 1, "crime_number_is_no_total": 1}
    assert drop.raw("row_number, crime_number")[:3] == [(2, "LC/1/08"), (7, "LC/3/08"), (8, "LC/9/08")]
    assert drop.rejected("row_number, rule, value") == [
        (4, "no_crime_boolean", "X"),
        (59, "crime_number_is_no_total", "Grand Total"),
    ]


def test_a_header_further_down(drop: Drop) -> None:
    drop.contract = dataclasses.replace(drop.contract, sheet_header_row=4)
    rows: list[list[Cell]] = [["Crimes of April"], [None], ["not", "for", "publication"], HEADER, crime(1)]
    assert drop.take(workbook({SHEET: rows}), NAME).outcome == "accepted"
    assert drop.raw("row_number") == [(5,)]


def test_a_date_that_is_text_is_judged_as_in_a_csv_file(drop: Drop) -> None:
    rows = [HEADER, *[crime(n) for n in range(40)], crime(99, **{"Date Recorded": "31/04/2008"})]
    assert drop.take(workbook({SHEET: rows}), NAME).rejected_by_rule == {"date_recorded_date": 1}


def test_the_header_is_checked_as_in_a_csv_file(drop: Drop) -> None:
    receipt = drop.take(workbook({SHEET: [["Crime No", *HEADER[2:]], crime(1)]}), NAME)
    assert for_owner(receipt.reasons)[0].startswith(
        "Missing column 'HO Class'. The header row reads: Crime No, Offence"
    )


def encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000


def cut_short() -> bytes:
    return workbook({SHEET: [HEADER, crime(1)]})[:-200]


def broken_inside() -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook({SHEET: [HEADER]}))) as sound:
        members = {name: sound.read(name) for name in sound.namelist()}
    return zip_of({**members, "xl/workbook.xml": b"<not"})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (lambda: b"", "The file is empty"),
        (lambda: RECORDED_CRIME.content([RECORDED_CRIME.row(1)]), "is named as a workbook but is none"),
        (encrypted, "protected by a password, or of Excel's old format"),
        (cut_short, "The workbook is damaged"),
        (broken_inside, "The workbook is damaged"),
        (lambda: zip_of({CSV_NAME: b"x"}), "named as a workbook but holds none"),
        (
            lambda: workbook({"Crimes": [HEADER], "Notes": []}),
            "no sheet 'Recorded crime'. Name the sheet as agreed. It has 'Crimes', 'Notes'.",
        ),
        (lambda: workbook({SHEET: []}), "The file is empty"),
        (lambda: workbook({SHEET: [HEADER]}), "The file holds 0 rows"),
    ],
    ids=["empty", "csv", "encrypted", "cut", "broken", "zip", "sheet", "no cell", "no row"],
)
def test_refused_with_a_reason(drop: Drop, content: Callable[[], bytes], reason: str) -> None:
    sent = content()
    receipt = drop.take(sent, NAME)
    assert receipt.outcome == "refused"
    assert reason in for_owner(receipt.reasons)[0]
    assert drop.folder.archived(receipt.file_sha256).read_bytes() == sent


def test_the_name_of_the_sheet_may_differ_in_case_and_spacing(drop: Drop) -> None:
    assert drop.take(workbook({"RECORDED  crime": [HEADER, crime(1)]}), NAME).outcome == "accepted"


def test_a_workbook_that_expands_too_far_is_refused_before_it_is_opened(
    drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAXIMUM_EXPANDED_BYTES", 10_000)
    receipt = drop.take(workbook({SHEET: [HEADER, *[crime(n) for n in range(100)]]}), NAME)
    assert "expands to more than 10,000 bytes. Send it as CSV, or in parts." in for_owner(receipt.reasons)[0]


def test_a_workbook_under_the_name_of_a_csv_file_is_refused(drop: Drop) -> None:
    receipt = drop.take(workbook({SHEET: [HEADER, crime(1)]}), CSV_NAME)
    assert for_owner(receipt.reasons) == [
        "The file is an Excel workbook or a zip, not a CSV file. Export it as CSV and send it again."
    ]


def test_a_workbook_under_the_name_of_a_zip_says_what_to_do(drop: Drop) -> None:
    receipt = drop.take(workbook({SHEET: [HEADER, crime(1)]}), NAME.replace(".xlsx", ".zip"))
    assert for_owner(receipt.reasons) == ["The zip is an Excel workbook. Give it the ending .xlsx and send it again."]


def test_a_workbook_within_a_zip(drop: Drop) -> None:
    receipt = drop.take(zip_of({NAME: workbook({SHEET: [HEADER, crime(1)]})}), "april.zip")
    assert (receipt.outcome, receipt.file_name, receipt.rows_accepted) == ("accepted", NAME, 1)


def test_a_form_without_workbooks_refuses_them_by_name(tmp_path: Path) -> None:
    (form,) = [form for form in FORMS if form.document == "fire/incidents.avon"]
    drop = Drop(DataFolder(tmp_path / "data"), form.contract)
    receipt = drop.take(workbook({"x": []}), form.name.replace(".csv", ".xlsx"))
    assert "does not tell whose period it is" in for_owner(receipt.reasons)[0]


def with_sheet_xml(change: Callable[[bytes], bytes], content: bytes) -> bytes:
    """Return the workbook with the XML of its first sheet changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as sound:
        members = {name: sound.read(name) for name in sound.namelist()}
    part = "xl/worksheets/sheet1.xml"
    changed = change(members[part])
    assert changed != members[part]
    return zip_of({**members, part: changed})


def sound_book() -> bytes:
    return workbook({SHEET: [HEADER, *(crime(n) for n in range(1, 41))]})


FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        (b"</sheetData>", FAR, "refused"),
        (b"</sheetData>", FAR.replace(b"<c r=", b"<c  s='1'\n r = ").replace(b'"', b"'"), "refused"),
        (b"</sheetData>", FAR.replace(b"<c ", b"<x:c xmlns:x='y' ").replace(b"</c>", b"</x:c>"), "refused"),
        # Formatted, and nothing in it.
        (b"</sheetData>", FAR.replace(b"><v>1</v></c>", b' s="1"/>'), "accepted"),
        (b'<c r="A2"', b"<c", "refused"),
    ],
    ids=["far", "spelt", "namespace", "formatted", "nowhere"],
)
def test_a_cell_far_away_is_refused_before_memory_is_taken_for_all_between(
    drop: Drop, old: bytes, new: bytes, outcome: str
) -> None:
    receipt = drop.take(with_sheet_xml(lambda xml: xml.replace(old, new, 1), sound_book()), NAME)
    assert receipt.outcome == outcome, for_owner(receipt.reasons)
    if outcome == "refused":
        assert re.search(
            "reaches to row 1,048,576 and column 16,384|does not say where its", for_owner(receipt.reasons)[0]
        )


def test_an_error_in_a_cell_is_no_blank(drop: Drop) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet("Notes").write_formula(2, 1, "=1/0", None, "#DIV/0!")
        sheet = book.add_worksheet(SHEET)
        for number, row in enumerate([HEADER, *(crime(n) for n in range(1, 41))]):
            sheet.write_row(number, 0, row)
        sheet.write_formula(2, HEADER.index("Easting"), "=NA()", None, "#N/A")
        sheet.write_formula(3, HEADER.index("Locality"), "=A1", None, "#REF!")
    receipt = drop.take(buffer.getvalue(), NAME)
    assert receipt.rows_rejected == 1, for_owner(receipt.reasons)
    assert drop.rejected() == [(3, "easting_number", "Easting", "#N/A")]
    assert drop.raw("locality")[1:3] == [("#REF!",), ("Fairmead Estate",)]


def test_a_text_that_stands_in_every_cell_does_not_fill_the_disk(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAXIMUM_COPIED_CHARACTERS", 10_000)
    long = [crime(n, Locality="x" * 5_000) for n in range(1, 41)]
    receipt = drop.take(workbook({SHEET: [HEADER, *long]}), NAME)
    assert for_owner(receipt.reasons) == ["The sheet holds over 10,000 characters. Send it as CSV, or in parts."]


def test_a_date_that_is_text_is_read_as_in_a_csv_file(drop: Drop, tmp_path: Path) -> None:
    rows = [crime(n) for n in range(1, 41)]
    typed = crime(41, **{"Date Recorded": "2008-04-14"})
    receipt = drop.take(workbook({SHEET: [HEADER, *rows, typed]}), NAME)
    found = drop.rejected()
    other = Drop(DataFolder(tmp_path / "csv"), drop.contract)
    again = other.take(RECORDED_CRIME.content([[str(cell) for cell in row] for row in [*rows, typed]]), CSV_NAME)
    assert receipt.rows_rejected == again.rows_rejected == 1
    assert found == other.rejected() == [(42, "date_recorded_date", "Date Recorded", "2008-04-14")]


@pytest.mark.parametrize(
    ("form", "text"),
    [("%d/%m/%Y", "14/04/2008"), ("%d-%b-%Y", "14-Apr-2008"), ("%d/%m/%y", "14/04/08"), ("%Y-%m", "2008-04-14")],
)
def test_a_date_is_written_in_the_agreed_form_if_that_keeps_the_day(form: str, text: str) -> None:
    assert as_text(dt.date(2008, 4, 14), form) == text
    assert as_text("14.4.08", form) == "14.4.08"
    assert as_text(dt.time(9, 5), form) == "09:05"
