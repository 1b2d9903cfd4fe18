"""A working copy of a CSV delivery, in which every row starts with its number as a spreadsheet shows it.

DuckDB does not number the rows of a CSV file that it reads in parallel, so the copy does. It is UTF-8 with plain line
ends, without preamble and header, and without rows in which every value is blank: a spreadsheet counts them, and often
saves many of them below the last row, but they are none here.
The number of its records is counted here, independently of DuckDB, and the account of the rows is held against it.

Copying looks at lines, not at values, so a stray quotation mark can mislead it. There are three ways to copy, each more
careful and slower than the one before; which one was good enough is seen when the rows do, or do not, add up.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from sources.reading import limits
from sources.reading.header import Layout
from sources.reading.outcomes import Refused
from sources.reasons.reason import reason

_CHUNK = 1 << 20
LONGEST_ROW = 2_000_000
_LONGEST_LINE = 4 << 20
# Stand at the start of a line that was marked as damaged, and for what must not be read in it.
_MARK, _QUOTE, _DELIMITER, _NULL = b"\x1a", b"\x1b", b"\x1c", b"\x1d"
# Stands at the end of what is kept of a line that is longer than a row may be.
_CUT = b"\x1e"
_KEPT_OF_LONG_LINE = 1000
# Some bytes stand for nothing in Windows-1252. A byte that is no UTF-8 in their place makes DuckDB refuse the row.
_STAND_IN, _NO_TEXT = "\ue000", b"\xff"
_ERRORS = "csp_stand_in"
codecs.register_error(_ERRORS, lambda error: (_STAND_IN, error.end))  # type: ignore[attr-defined]
# What people leave around a value: blanks, tabs, no-break spaces.
BLANK, TAB, NO_BREAK_SPACE = " ", "\t", "\u00a0"


class Care(Enum):
    """How carefully a file is copied."""

    PLAIN = "a line with an odd number of quotation marks opens or closes a value of several lines"
    EXACT = "a quotation mark opens a value where DuckDB takes it to; lines with null bytes are marked as damaged"
    EACH_LINE = "a line is a row: no value has several lines; a line that leaves a value open is marked too"


@dataclass(frozen=True)
class NumberedFile:
    """The copy."""

    file: Path
    records: int
    """Rows of the file, readable or not; blank ones are none."""
    around: str
    """Characters that may stand around a value and mean nothing."""
    has_null_bytes: bool
    has_endless_value: bool
    """Whether a value of several lines makes a row longer than one may be: DuckDB takes hours to find its end."""
    has_shortened_number: bool
    """Whether `E+` stands anywhere, as in 2.02E+11."""


def number_rows(layout: Layout, target: Path, care: Care, columns: int | None = None) -> NumberedFile:
    """Write the numbered copy of the file that `layout` is about to `target`.

    Raises:
        Refused: too many values are missing or too many, where `columns` says how many a row has: DuckDB takes memory
            for each.
    """
    copying = _Copying(layout, care, columns)
    with target.open("wb") as copy:
        for block in _blocks(layout):
            copy.write(b"".join(copying.rows(block)))
            if copying.has_endless_value:
                break
    return NumberedFile(
        target,
        copying.records,
        copying.around,
        copying.has_null_bytes,
        copying.has_endless_value,
        copying.has_shortened_number,
    )


def _blocks(layout: Layout) -> Iterator[bytes]:
    """Yield the lines after the header, in UTF-8, about a megabyte at a time, without the line feed at their end."""
    skipped = layout.header_lines
    rest = b""
    is_utf8 = layout.encoding == "utf-8"
    with layout.file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            text = rest + (chunk if is_utf8 else _in_utf8(chunk, layout.encoding))
            # The other half of a line end may come with the next chunk.
            held_back = b"\r" if text.endswith(b"\r") else b""
            if b"\r" in text:
                text = text[: len(text) - len(held_back)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            block, line_feed, last = text.rpartition(b"\n")
            # What is longer is no row, and is refused as one.
            rest = last[:_LONGEST_LINE] + held_back
            if line_feed and skipped:
                lines = block.split(b"\n", skipped)
                line_feed = line_feed if len(lines) > skipped else b""
                block, skipped = lines[-1], max(skipped - len(lines), 0)
            if line_feed:
                yield block
    # The last line may end with the file.
    last = rest.removesuffix(b"\r")
    if last and not skipped:
        yield last


def _blank(delimiter: str) -> bytes:
    """Return the pattern of a line in which every value is blank, quoted or not."""
    # Nothing is tried twice, so that a line of any length costs its length.
    around = [mark for mark in (BLANK, TAB, NO_BREAK_SPACE) if mark != delimiter]
    space = f"(?:{'|'.join(around)})*+"
    value = f'{space}(?:"{space}"{space})?+'
    return f"{value}(?:{re.escape(delimiter)}{value})*+".encode()


def _in_utf8(chunk: bytes, encoding: str) -> bytes:
    return chunk.decode(encoding, _ERRORS).encode().replace(_STAND_IN.encode(), _NO_TEXT)


class _Copying:
    """The state of one copy: what was counted, and whether the last line left a value open."""

    def __init__(self, layout: Layout, care: Care, columns: int | None) -> None:
        self.care = care
        self.delimiters = None if columns is None else columns - 1
        self.damaged_values = 0
        self.delimiter = layout.delimiter.encode()
        self.row = b"%d" + self.delimiter.replace(b"%", b"%%") + b"%b\n"
        self.next_number = layout.header_row + 1
        self.records = 0
        self.is_open = False
        self.has_null_bytes = False
        self.open_bytes = 0
        self.has_endless_value = False
        self.has_shortened_number = False
        self.marks = {BLANK} if layout.delimiter != BLANK else set()
        self.blank = _blank(layout.delimiter)
        self.blank_line = re.compile(rb"\n" + self.blank + rb"(?=\n)")
        self.is_blank = re.compile(self.blank).fullmatch

    @property
    def around(self) -> str:
        return "".join(mark for mark in (BLANK, TAB, NO_BREAK_SPACE) if mark in self.marks)

    def rows(self, block: bytes) -> Iterable[bytes]:
        """Return the numbered rows of a block of lines."""
        self._look_for_marks(block)
        self.has_null_bytes = self.has_null_bytes or b"\0" in block
        lines = block.split(b"\n")
        # A block is longer than a chunk and a row where one line is.
        is_plain = self.care is Care.PLAIN and not self.is_open and len(block) <= _CHUNK + LONGEST_ROW
        has_blank = self.blank_line.search(b"\n" + block + b"\n") is not None
        is_whole = self.delimiters in {None, block.count(self.delimiter) / len(lines)}
        if is_plain and is_whole and b'"' not in block and not has_blank:
            # Nearly every file: no line needs a look of its own.
            first = self.next_number
            self.next_number += len(lines)
            self.records += len(lines)
            return map(self.row.__mod__, zip(range(first, self.next_number), lines, strict=True))
        return self._rows(lines)

    def _look_for_marks(self, block: bytes) -> None:
        for mark in (TAB, NO_BREAK_SPACE):
            # One byte is found much faster than two.
            if mark.encode() != self.delimiter and mark.encode()[-1:] in block:
                self.marks.add(mark)
        self.has_shortened_number = self.has_shortened_number or (b"+" in block and b"E+" in block)

    def _rows(self, lines: list[bytes]) -> Iterator[bytes]:
        for line in lines:
            if self.is_open:
                self.open_bytes += len(line) + 1
                self.has_endless_value = self.has_endless_value or self.open_bytes > LONGEST_ROW
                self.is_open = self._leaves_open(line, is_open=True)
                yield line + b"\n"
                continue
            number = self.next_number
            self.next_number += 1
            if self.is_blank(line):
                continue
            self.records += 1
            self._count_damage(line)
            content = line
            if len(line) > LONGEST_ROW:
                yield self.row % (number, self._marked(line[:_KEPT_OF_LONG_LINE]) + _CUT)
                continue
            if self.care is not Care.PLAIN and b"\0" in line:
                content = self._marked(line)
            elif b'"' in line and self._leaves_open(line, is_open=False):
                if self.care is Care.EACH_LINE:
                    content = self._marked(line)
                else:
                    self.is_open, self.open_bytes = True, len(line)
            yield self.row % (number, content)

    def _count_damage(self, line: bytes) -> None:
        """Count the values that a line lacks, or a line with more than it should have."""
        if self.delimiters is None:
            return
        lacking = self.delimiters - line.count(self.delimiter)
        if lacking == 0 or b'"' in line:
            return
        self.damaged_values += max(lacking, 1)
        if self.damaged_values > limits.MAXIMUM_DAMAGED_VALUES:
            raise Refused([reason("too_many_damaged_rows", agreed=self.delimiters + 1)])

    def _leaves_open(self, line: bytes, is_open: bool) -> bool:
        """Return whether a value goes on in the next line, or where each line is a row, might."""
        if self.care is Care.PLAIN:
            return (line.count(b'"') % 2 == 1) is not is_open
        place = 0
        while True:
            if is_open:
                place = self._closing_quote(line, place)
                if place < 0:
                    return True
            else:
                while line[place : place + 1] == b" ":
                    place += 1
                if line[place : place + 1] == b'"':
                    is_open, place = True, place + 1
                    continue
            end = line.find(self.delimiter, place)
            value_end = line[place : end if end >= 0 else None]
            if is_open and self.care is Care.EACH_LINE and value_end.strip(b" "):
                # Behind the closing mark stands something, with which DuckDB may take the next line too.
                return True
            if end < 0:
                return False
            is_open, place = False, end + len(self.delimiter)

    @staticmethod
    def _closing_quote(line: bytes, place: int) -> int:
        """Return the place behind the quotation mark that closes a value; -1 where none does. Two are one in it."""
        while True:
            place = line.find(b'"', place)
            if place < 0 or line[place + 1 : place + 2] != b'"':
                return place + 1 if place >= 0 else -1
            place += 2

    def _marked(self, line: bytes) -> bytes:
        plain = line.strip().replace(b'"', _QUOTE).replace(self.delimiter, _DELIMITER).replace(b"\0", _NULL)
        return _MARK + plain


def unmarked_sql(text: str, delimiter_sql: str) -> str:
    """Return SQL that turns the text of a marked line back into what was sent (null bytes as spaces)."""
    plain = f"replace(replace(replace(rtrim({text}, chr(30)), chr(27), '\"'), chr(28), {delimiter_sql}), chr(29), ' ')"
    return f"CASE WHEN starts_with({text}, chr(26)) THEN substr({plain}, 2) ELSE {text} END"


def marked_rule_sql(text: str) -> str:
    """Return SQL for the rule that a marked line breaks; NULL for a line that is not marked."""
    return (
        f"CASE WHEN NOT starts_with({text}, chr(26)) THEN NULL "
        f"WHEN suffix({text}, chr(30)) THEN 'row_too_long' "
        f"WHEN contains({text}, chr(29)) THEN 'null_bytes' ELSE 'unterminated_quote' END"
    )
