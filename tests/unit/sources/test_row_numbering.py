"""The copy that numbers rows: blocks, line ends, quotes; and accounts that add up whatever is wrong with a file."""

import csv
import io
import random
from pathlib import Path

import pytest

from sources.folder.data_folder import DataFolder
from sources.reading import row_numbering
from sources.reading.header import Layout
from sources.reading.row_numbering import Care, number_rows
from sources.reasons.reason import for_owner

from .conftest import Drop, file_of, sound_rows
from .test_reading_steps import contract


def copied(tmp_path: Path, content: bytes, care: Care = Care.PLAIN, **layout: object) -> tuple[int, list[str]]:
    source = tmp_path / "source.csv"
    source.write_bytes(content)
    facts = {"delimiter": ",", "encoding": "utf-8", "header_lines": 1, "header_row": 1, **layout}
    numbered = number_rows(Layout(source, **facts), tmp_path / "copy.csv", care)  # type: ignore[arg-type]
    return numbered.records, numbered.file.read_bytes().decode().split("\n")[:-1]


@pytest.mark.parametrize(("size", "is_endless"), [(1_000_000, False), (2_000_000, True)])
@pytest.mark.parametrize("care", [Care.PLAIN, Care.EXACT])
def test_a_value_without_end_is_not_given_to_duckdb(tmp_path: Path, care: Care, size: int, is_endless: bool) -> None:
    source = tmp_path / "source.csv"
    source.write_bytes(b'h\n"' + b"a\n" * (size // 2) + b"a\n" * 10)
    layout = Layout(source, delimiter=",", encoding="utf-8", header_lines=1, header_row=1)
    assert number_rows(layout, tmp_path / "copy.csv", care).has_endless_value is is_endless


def test_a_quotation_mark_that_is_never_closed_makes_each_line_a_row(drop: Drop) -> None:
    """With 8 MB behind it, DuckDB did not come to an end."""
    receipt = drop.take(file_of([*sound_rows(), '"' + "a,\r\n" * 2_000_000]))
    assert (receipt.outcome, [one.code for one in receipt.reasons]) == ("refused", ["too_many_damaged_rows"])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"h\na\nb\n", ["2,a", "3,b"]),
        (b"h\r\na\r\n\r\nb", ["2,a", "4,b"]),
        (b"h\ra\rb\r", ["2,a", "3,b"]),
        (b"h\na\r\nb\rc\n\n", ["2,a", "3,b", "4,c"]),
        (b'h\na,"x\n\ny"\nb\n', ['2,a,"x', "", 'y"', "3,b"]),
        (b"\xef\xbb\xbfh\na\n", ["2,a"]),
        (b"h", []),
        (b"h\n", []),
        (b"h\n\n\n", []),
    ],
)
def test_plain(tmp_path: Path, content: bytes, expected: list[str]) -> None:
    for chunk in (1, 2, 3, 1 << 20):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(row_numbering, "_CHUNK", chunk)
            records, lines = copied(tmp_path, content)
        assert lines == expected
        assert records == sum(line[:1].isdigit() for line in expected)


@pytest.mark.parametrize(
    ("content", "exact", "each_line"),
    [
        # A quotation mark within a value opens nothing.
        (b'h\na,5" pipe\nb\n', ['2,a,5" pipe', "3,b"], ['2,a,5" pipe', "3,b"]),
        (b'h\na, "x\ny" ,z\nb\n', ['2,a, "x', 'y" ,z', "3,b"], ["2,\x1aa\x1c \x1bx", '3,y" ,z', "4,b"]),
        (b'h\na,"x ""y""",z\nb\n', ['2,a,"x ""y""",z', "3,b"], ['2,a,"x ""y""",z', "3,b"]),
        # Behind "q" and a blank DuckDB takes the next mark to open the value again.
        (b'h\na,"q" "\nb\n', ['2,a,"q" "', "3,b"], ["2,\x1aa\x1c\x1bq\x1b \x1b", "3,b"]),
        (b'h\na,"x\nb\n', ['2,a,"x', "b"], ["2,\x1aa\x1c\x1bx", "3,b"]),
        (b"h\na\0b,c\n \t \nd\n", ["2,\x1aa\x1db\x1cc", "4,d"], ["2,\x1aa\x1db\x1cc", "4,d"]),
    ],
)
def test_more_careful_copies(tmp_path: Path, content: bytes, exact: list[str], each_line: list[str]) -> None:
    assert copied(tmp_path, content, Care.EXACT)[1] == exact
    assert copied(tmp_path, content, Care.EACH_LINE)[1] == each_line


def test_preamble_and_header_of_several_lines(tmp_path: Path) -> None:
    records, lines = copied(tmp_path, b'x\n\n"h\n1"\na\n', header_lines=4, header_row=3)
    assert (records, lines) == (1, ["4,a"])


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_numbering, "_CHUNK", 100)
    monkeypatch.setattr(row_numbering, "_LONGEST_LINE", 400)
    records, lines = copied(tmp_path, b"h\na\n" + b"x" * 100_000 + b"\nb\n")
    assert records == 3
    assert [line[:3] for line in lines] == ["2,a", "3,x", "4,b"]
    assert len(lines[1]) < 1000


VALUES = ["", "a", "two words", 'in "quotes"', '5" pipe', "a,b", "line\nbreak", " around ", "\n", '"', "é€", "0", "'x"]


@pytest.mark.parametrize("seed", range(25))
def test_well_formed_files_keep_every_value_and_number(tmp_path: Path, seed: int) -> None:
    pick = random.Random(seed)
    end = pick.choice(["\n", "\r\n"])
    text, number, expected = io.StringIO(), 1, []
    writer = csv.writer(text, lineterminator=end, quoting=pick.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    writer.writerow(["Ref", "Value"])
    for row in range(pick.randint(1, 60)):
        number += 1
        if pick.random() < 0.1:
            text.write(end)
            number += 1
        value = pick.choice(VALUES)
        writer.writerow([f"r{row}", value])
        expected.append((number, f"r{row}", value.strip(" ") or None))
    drop = Drop(DataFolder(tmp_path / "data"), contract(tmp_path))
    receipt = drop.take(text.getvalue().encode(), "2008-04-cases.csv")
    assert (receipt.outcome, for_owner(receipt.reasons)) == ("accepted", [])
    assert drop.raw("row_number, reference, value") == expected


@pytest.mark.parametrize("seed", range(40))
def test_the_account_adds_up_whatever_is_damaged(tmp_path: Path, seed: int) -> None:
    pick = random.Random(seed)
    lines = [f"r{number},{pick.choice(['x', 'two words', '5 pipe', ''])}" for number in range(60)]
    content = ["Ref,Value", *lines]
    damaged = sorted(pick.sample(range(30, 60), pick.randint(1, 6)))
    for place in damaged:
        line = content[place]
        at = pick.randint(0, len(line))
        content[place] = (
            line[:at] + pick.choice(['"', '""', ',"', '"\n', ",", "\0", "\r", '"x"y', "é", "\n"]) + line[at:]
        )
    drop = Drop(DataFolder(tmp_path / "data"), contract(tmp_path))
    receipt = drop.take("\n".join(content).encode(), "2008-04-cases.csv")
    assert receipt.rows_delivered == receipt.rows_accepted + receipt.rows_rejected
    accepted = drop.raw("row_number, reference")
    # What stands before the first damage is as it was.
    sound = [(number, f"r{number - 2}") for number in range(2, damaged[0] + 1)]
    assert accepted[: len(sound)] == sound
    numbers = [number for number, _ in accepted] + [
        number for number, *_ in drop.rejected("DISTINCT row_number, 1 AS rule_order")
    ]
    assert len(numbers) == len(set(numbers)) == receipt.rows_delivered
