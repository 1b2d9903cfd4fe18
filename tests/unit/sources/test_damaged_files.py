"""Damage in a CSV costs the damaged rows and nothing else; the rows behind keep the numbers a spreadsheet shows."""

import dataclasses
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from sources.reasons.reason import for_owner

from .conftest import HEADER, NAME, Drop, file_of, row, sound_rows

ENDS = {"crlf": "\r\n", "lf": "\n", "cr": "\r"}


def ids_by_row(drop: Drop) -> dict[object, object]:
    return {number: crime_id for number, crime_id in drop.raw("row_number, crime_id")}  # noqa: C416 types


def expected_ids(*without: int, count: int = 200) -> dict[int, str]:
    return {number: f"{number:064x}" for number in range(2, count + 2) if number not in without}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        (lambda line: "half,a,row", "too_few_values"),
        (lambda line: line + ",more", "too_many_values"),
        (lambda line: line.replace("On or", '"On or'), "unterminated_quote"),
        (lambda line: line.replace("On or", '"On" or'), "unterminated_quote"),
        (lambda line: line.replace("High", "H\0gh"), "null_bytes"),
        (lambda line: '"', "unterminated_quote"),
    ],
    ids=["too few", "too many", "open quote", "text after quote", "null byte", "lone quote"],
)
def test_a_damaged_row(drop: Drop, damage: Callable[[str], str], rule: str, end: str) -> None:
    rows = sound_rows(200)
    rows[50] = damage(rows[50])
    receipt = drop.take(file_of(rows, end=end))
    assert receipt.rejected_by_rule == {rule: 1}
    assert ids_by_row(drop) == expected_ids(52)
    assert drop.rejected("row_number, record") == [(52, rows[50].replace("\0", " "))]


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("quoted", [False, True])
def test_rows_in_which_every_value_is_blank_are_no_rows(drop: Drop, end: str, quoted: bool) -> None:
    """As a spreadsheet saves them; the rows behind keep their numbers."""
    rows = sound_rows(200)
    rows[50:50] = ["," * 11, " , ,\t,\u00a0" + "," * 8, '"",""," "' + "," * 9, ",,"]
    if quoted:
        rows[9] = rows[9].replace("On or near High Street", '"On, or\n,,,\nnear"')
    receipt = drop.take(file_of([*rows, *["," * 11] * 40], end=end))
    assert (receipt.outcome, receipt.rows_delivered, receipt.rows_accepted) == ("accepted", 200, 200)
    numbers = sorted(int(str(number)) for number in ids_by_row(drop))
    assert numbers[48:52] == [50, 51, 56, 57]


@pytest.mark.parametrize("size", [2_100_000, 5 << 20, 20 << 20])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_line_of_any_length_is_one_damaged_row(drop: Drop, size: int, quote: str) -> None:
    rows = sound_rows(200)
    rows[50] = quote + "x" * size + quote
    receipt = drop.take(file_of(rows))
    assert receipt.rejected_by_rule == {"row_too_long": 1}
    assert ids_by_row(drop) == expected_ids(52)
    assert drop.rejected("row_number, length(record) < 2000") == [(52, True)]


def test_a_value_of_a_separator_alone_is_not_blank(drop: Drop) -> None:
    receipt = drop.take(file_of([*sound_rows(), '","' + "," * 11]))
    assert (receipt.rows_delivered, receipt.rows_rejected) == (41, 1)


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_many_kinds_of_damage_at_once(drop: Drop, end: str) -> None:
    rows = sound_rows(400)
    rows[10] = "half"
    rows[20] = rows[20].replace("On or", '"On or')
    rows[30] = row(32, crime_type="Mischief")
    rows[31] = ""
    rows[40] = rows[40] + ",more"
    rows[50] = row(3)
    rows[60] = rows[60].replace("On or", '"On or')
    rows[70] = "  "
    receipt = drop.take(file_of(rows, end=end))
    assert receipt.rejected_by_rule == {
        "unterminated_quote": 2,
        "crime_id_repeated": 1,
        "crime_type_known": 1,
        "too_few_values": 1,
        "too_many_values": 1,
    }
    assert (receipt.rows_delivered, receipt.rows_accepted) == (398, 392)
    assert ids_by_row(drop) == expected_ids(12, 22, 32, 33, 42, 52, 62, 72, count=400)
    assert [number for number, *_ in drop.rejected()] == [12, 22, 32, 42, 52, 62]


@pytest.mark.parametrize("end", ["\r\n", "\n"], ids=["crlf", "lf"])
def test_line_breaks_inside_quotes_are_one_row(drop: Drop, end: str) -> None:
    rows = sound_rows(200)
    rows[5] = row(7, location=f'"On or{end}near{end}High Street"')
    rows[8] = "half"
    receipt = drop.take(file_of(rows, end=end))
    assert receipt.rejected_by_rule == {"too_few_values": 1}
    assert ids_by_row(drop) == expected_ids(10)


def test_a_blank_line_inside_quotes_is_text(drop: Drop) -> None:
    rows = sound_rows(200)
    rows[5] = row(7, location='"On or\n\nnear"')
    rows[8] = ""
    receipt = drop.take(file_of(rows, end="\n"))
    assert (receipt.outcome, receipt.rows_delivered) == ("accepted", 199)
    assert ids_by_row(drop) == expected_ids(10)
    assert drop.raw("location")[5] == ("On or\n\nnear",)


def test_bytes_in_another_encoding_cost_their_rows(drop: Drop) -> None:
    content = file_of(sound_rows(200)).replace(b"\r\n" + row(52).encode()[:64], b"\r\n\xa3" + row(52).encode()[1:64])
    receipt = drop.take(content)
    assert receipt.rejected_by_rule == {"wrong_encoding": 1}
    assert ids_by_row(drop) == expected_ids(52)


def test_damage_in_a_column_that_is_left_out(drop: Drop) -> None:
    rows = [line + ",note" for line in sound_rows(200)]
    rows[9] = row(11, crime_type="Mischief") + ",note"
    content = file_of(rows, header=HEADER + ",Notes").replace(
        f"{row(31)},note".encode(), f"{row(31)},n".encode() + b"\xa3"
    )
    receipt = drop.take(content)
    assert receipt.rejected_by_rule == {"crime_type_known": 1, "wrong_encoding": 1}
    assert ids_by_row(drop) == expected_ids(11, 31)


@pytest.mark.parametrize(
    "change",
    [
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: content.rstrip(b"\r\n"),
        lambda content: content + b"\r\n\r\n",
        lambda content: content.replace(b",\r\n", b",,,\r\n", 3),
        lambda content: content.replace(b"\r\n", b"\n", 3),
        lambda content: content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n", 2),
        lambda content: content.replace(b"\r\n", b"\r"),
    ],
    ids=[
        "byte order mark",
        "no final line end",
        "blank lines at the end",
        "commas at the end",
        "mixed",
        "mixed after",
        "cr",
    ],
)
def test_what_no_person_would_mind(drop: Drop, change: Callable[[bytes], bytes]) -> None:
    receipt = drop.take(change(file_of(sound_rows(200))))
    assert (receipt.outcome, for_owner(receipt.warnings)) == ("accepted", [])
    assert ids_by_row(drop) == expected_ids()


def test_null_bytes_at_the_end_are_not_lost_silently(drop: Drop) -> None:
    receipt = drop.take(file_of(sound_rows(200)) + b"\0" * 5000)
    assert receipt.rejected_by_rule == {"null_bytes": 1}


def test_a_file_cut_short_loses_its_last_row(drop: Drop) -> None:
    content = file_of(sound_rows(200))
    receipt = drop.take(content[:-60])
    assert receipt.rejected_by_rule == {"too_few_values": 1}
    assert ids_by_row(drop) == expected_ids(201)


def test_a_row_longer_than_the_reader_allows(drop: Drop) -> None:
    rows = sound_rows(200)
    rows[3] = row(5, context="x" * 3_000_000)
    receipt = drop.take(file_of(rows))
    assert receipt.rows_rejected == 1
    assert ids_by_row(drop) == expected_ids(5)


def test_row_numbers_hold_in_a_file_of_several_buffers(drop: Drop) -> None:
    """DuckDB reads in buffers of 32 MB, in parallel; this file has two, and damage on both sides."""
    pick = random.Random(1)
    padding = "x" * 800
    rows = [row(number, context=padding) for number in range(2, 42_002)]
    damaged = sorted(pick.sample(range(42_000), 40))
    for number in damaged:
        rows[number] = pick.choice(["half", rows[number] + ",more", row(number + 2, crime_type="Mischief")])
    receipt = drop.take(file_of(rows))
    assert (receipt.rows_delivered, receipt.rows_rejected) == (42_000, 40)
    assert ids_by_row(drop) == expected_ids(*(number + 2 for number in damaged), count=42_000)


def test_the_archive_keeps_the_bytes_as_sent(drop: Drop) -> None:
    content = file_of([*sound_rows(), '"', ""], end="\n")
    receipt = drop.take(content)
    archived = drop.folder.archived(receipt.file_sha256)
    assert archived.read_bytes() == content
    assert archived.stat().st_mode & 0o777 == 0o400
    assert drop.folder.archive.stat().st_mode & 0o777 == 0o700
    assert Path(drop.landing / NAME).read_bytes() == content
    assert not drop.folder.intake_work.exists()


def test_rows_before_the_header_count_as_a_spreadsheet_counts_them(drop: Drop) -> None:
    drop.contract = dataclasses.replace(drop.contract, header_row=3)
    rows = sound_rows(200)
    rows[5] = "half"
    rows[9] = row(11, crime_type="Mischief")
    rows[20] = rows[20].replace("On or", '"On or')
    rows[30] = ""
    receipt = drop.take(b'Extract of April,"made ""by hand"""\r\n,\r\n' + file_of(rows))
    assert receipt.rejected_by_rule == {"crime_type_known": 1, "too_few_values": 1, "unterminated_quote": 1}
    assert [number for number, *_ in drop.rejected()] == [9, 13, 24]
    assert ids_by_row(drop) == {n + 2: crime_id for n, crime_id in expected_ids(7, 11, 22, 32).items()}
