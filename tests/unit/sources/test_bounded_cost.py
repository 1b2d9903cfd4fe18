"""What a file costs is bounded by its bytes: what would cost more is refused, and the refusal is cheap.

Nothing here is timed: each file would take minutes or all memory, so that a test that ends has shown it.
"""

import io
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sources.folder.data_folder import DataFolder
from sources.personal.values import kind_in_text
from sources.reading import limits
from sources.reading.cell_errors import CellErrors
from sources.reading.workbook_texts import texts_beside_cells
from sources.reasons.reason import for_owner

from .conftest import HEADER as STREET
from .conftest import NAME, Drop, file_of, row, sound_rows
from .feed_forms import RECORDED_CRIME
from .test_workbooks import HEADER, SHEET, crime, sound_book, with_sheet_xml, workbook
from .test_zips import zip_of

WORKBOOK = RECORDED_CRIME.name.replace(".csv", ".xlsx")


@pytest.fixture
def book(tmp_path: Path) -> Drop:
    return Drop(DataFolder(tmp_path / "data"), RECORDED_CRIME.contract)


def with_rows(rows: bytes) -> bytes:
    """Return a sound workbook with more XML below its rows."""
    return with_sheet_xml(lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"), sound_book())


def with_part(part: str, content: bytes) -> bytes:
    """Return a sound workbook with another part, or another content of one."""
    with zipfile.ZipFile(io.BytesIO(sound_book())) as sound:
        members = {name: sound.read(name) for name in sound.namelist()}
    return zip_of({**members, part: content})


def noise(count: int) -> bytes:
    """Return bytes that do not shrink, so that nothing is refused as a zip bomb."""
    return random.Random(1).randbytes(count // 2).hex().encode()


CLOSED = b"</row></sheetData></worksheet>"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (lambda: with_rows(b"<row>" + b"<c " * 400_000 + b"/></row>"), "says: not well-formed"),
        (lambda: with_rows(b"<row>" + b'<c r="A99" t="e">' * 400_000), "holds more than can be read"),
        (lambda: with_rows(b"<row>" * 200 + b"</row>" * 200), "holds more than can be read"),
        (lambda: with_rows(b'<row><c r="A99" x="' + noise(12 << 20) + b'"/></row>'), "a cell has no end"),
        (lambda: with_rows(b"<row>" + b"<c/>" * 3_000_000 + b"</row>"), "as a zip bomb does"),
        (lambda: with_rows(b'<row><c r="A0"><v>1</v></c></row>'), "does not say where its cells are"),
        (lambda: with_rows(b'<row><c r="XFE9"><v>1</v></c></row>'), "does not say where its cells are"),
        (lambda: with_rows(b'<row><c r="A99999999999999999999"><v>1</v></c></row>'), "does not say where its"),
        (
            lambda: with_sheet_xml(
                lambda xml: xml.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "a">]><worksheet'), sound_book()
            ),
            "declares a document type",
        ),
        (lambda: with_part("xl/sharedStrings.xml", b"<sst><si>" * 1000), "holds more than can be read"),
        (lambda: with_part("XL/Worksheets/Sheet1.xml", b"<worksheet/>"), "put together in an unusual way"),
    ],
    ids=[
        "unclosed", "nested", "deep", "long", "elements", "row 0", "column", "far", "doctype", "texts", "twice",
    ],
)  # fmt: skip
def test_a_workbook_that_would_cost_too_much_is_refused(book: Drop, content: Callable[[], bytes], reason: str) -> None:
    receipt = book.take(content(), WORKBOOK)
    assert receipt.outcome == "refused"
    assert reason in for_owner(receipt.reasons)[0]


def test_many_sheets_or_one_under_many_names_are_refused(book: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    many = workbook({SHEET: [HEADER, crime(1)], "Notes": [["a"]]})
    assert book.take(many, WORKBOOK).outcome == "accepted"
    with zipfile.ZipFile(io.BytesIO(many)) as sound:
        members = {name: sound.read(name) for name in sound.namelist()}
    part = "xl/_rels/workbook.xml.rels"
    members[part] = members[part].replace(b"sheet2.xml", b"sheet1.xml")
    assert "are one and the same" in for_owner(book.take(zip_of(members), WORKBOOK).reasons)[0]
    monkeypatch.setattr(limits, "MAXIMUM_SHEETS", 2)
    third = workbook({SHEET: [HEADER, crime(1)], "Notes": [["a"]], "More": [["b"]]})
    assert for_owner(book.take(third, WORKBOOK).reasons)[0].startswith("The workbook has 3 sheets")


@pytest.mark.parametrize(
    ("name", "most", "reason"),
    [
        ("MAXIMUM_SHEET_ELEMENTS", 100, "holds more than can be read"),
        ("MAXIMUM_PART_ELEMENTS", 100, "holds more than can be read"),
        ("MAXIMUM_CELLS", 100, "more than can be read. Delete what stands far"),
    ],
)
def test_each_count_has_its_limit(
    book: Drop, monkeypatch: pytest.MonkeyPatch, name: str, most: int, reason: str
) -> None:
    monkeypatch.setattr(limits, name, most)
    assert reason in for_owner(book.take(sound_book(), WORKBOOK).reasons)[0]


def test_error_cells_are_counted(book: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAXIMUM_ERROR_CELLS", 50)
    errors = b"".join(b'<row r="%d"><c r="A%d" t="e"><v>#N/A</v></c></row>' % (n, n) for n in range(50, 101))
    assert for_owner(book.take(with_rows(errors), WORKBOOK).reasons)[0].startswith(
        "More than 50 cells of the workbook hold"
    )


def test_error_cells_are_found_in_any_order() -> None:
    errors = CellErrors()
    for row_number, column, text in [(7, 3, "#N/A"), (2, 16_384, "#REF!"), (7, 1, "#N/A"), (1_048_576, 1, "?")]:
        errors.add(row_number, column, text)
    assert errors.of_row(7) == {1: "#N/A", 3: "#N/A"}
    assert errors.of_row(2) == {16_384: "#REF!"}
    assert errors.of_row(1_048_576) == {1: "?"}
    assert errors.of_row(3) == {}
    assert len(errors) == 4


def overlapping(members: int) -> bytes:
    """Return a zip of which every member claims the bytes of the first."""
    first = zip_of({NAME: file_of(sound_rows())})
    directory = first.index(b"PK\x01\x02")
    end = first.index(b"PK\x05\x06")
    entry = first[directory:end]
    entries = [entry.replace(NAME.encode(), NAME.replace("2021", f"{1000 + n}").encode()) for n in range(members)]
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, members, members, sum(map(len, entries)), directory, 0)
    return first[:directory] + b"".join(entries) + tail


def test_members_of_a_zip_that_overlap_are_refused_together(drop: Drop) -> None:
    receipt = drop.take(overlapping(20), "download.zip")
    assert receipt.outcome == "refused"
    assert "members of it overlap" in for_owner(receipt.reasons)[0]


def test_a_workbook_of_overlapping_members_is_refused(book: Drop) -> None:
    content = bytearray(sound_book())
    entries = [place for place in range(len(content)) if content[place : place + 4] == b"PK\x01\x02"]
    content[entries[1] + 42 : entries[1] + 46] = content[entries[0] + 42 : entries[0] + 46]
    assert "overlap" in for_owner(book.take(bytes(content), WORKBOOK).reasons)[0]


def test_a_member_that_claims_more_than_there_is_is_refused(drop: Drop) -> None:
    content = bytearray(zip_of({NAME: file_of(sound_rows())}))
    place = content.index(b"PK\x01\x02") + 20
    content[place : place + 4] = (1 << 30).to_bytes(4, "little")
    assert "claims more bytes than there are" in for_owner(drop.take(bytes(content), "download.zip").reasons)[0]


def test_a_file_of_too_many_columns_is_refused(drop: Drop) -> None:
    """As Excel saves it when a cell in its last column is formatted."""
    wide = "," * (16_384 - 12)
    receipt = drop.take(file_of([row(2) + wide], STREET + wide))
    assert receipt.outcome == "refused"
    assert for_owner(receipt.reasons)[0].startswith("The header row has 16,384 columns, more than 1,000: ")
    wide = "," * (1_000 - 12)
    assert drop.take(file_of([row(2) + wide], STREET + wide)).outcome == "accepted"


@pytest.mark.parametrize("damaged", ["a", row(2) + ",x"], ids=["too few", "too many"])
def test_millions_of_values_that_are_missing_are_refused(
    drop: Drop, monkeypatch: pytest.MonkeyPatch, damaged: str
) -> None:
    monkeypatch.setattr(limits, "MAXIMUM_DAMAGED_VALUES", 20)
    sound = sound_rows(200)
    assert drop.take(file_of([*sound[:-1], damaged])).outcome == "partly_accepted"
    receipt = drop.take(file_of([*sound, *[damaged] * 21]), "2021-05-leicestershire-street.csv")
    assert [one.code for one in receipt.reasons] == ["too_many_damaged_rows"]


def test_a_workbook_without_a_part_that_it_needs_is_damaged(book: Drop) -> None:
    with zipfile.ZipFile(io.BytesIO(sound_book())) as sound:
        members = {name: sound.read(name) for name in sound.namelist()}
    del members["xl/_rels/workbook.xml.rels"]
    assert [one.code for one in book.take(zip_of(members), WORKBOOK).reasons] == ["workbook_damaged"]


@pytest.mark.parametrize("place", [0, 250, 290, 299, 300, 390, 401, 60_000])
def test_a_long_text_is_looked_at_in_pieces_that_miss_nothing(place: int) -> None:
    """In one, 64 KB without a blank would take half a minute."""
    text = "x" * place + " jane.doe@example.org " + "y" * (65_536 - place)
    assert kind_in_text(text) == "e-mail addresses"
    assert kind_in_text("x" * 65_536) is None


def test_long_texts_beside_the_cells_are_searched_up_to_a_limit(tmp_path: Path) -> None:
    """16 MB of a document property took a minute, and a workbook can hold many such parts."""
    words = b"<Properties><property name='x'><a>" + b"1 " * 4_000_000 + b"</a></property></Properties>"
    file = tmp_path / WORKBOOK
    file.write_bytes(with_part("docProps/custom.xml", words))
    texts = texts_beside_cells(file)
    assert sum(len(text) for found in texts.values() for text in found) == 2_000_000
