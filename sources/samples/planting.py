"""Plants defects in extracts: what, where and with which outcome expected is data, in `plan_time/defects.csv`.

Rows are added and a sound one is never spoiled, so that the figures do not depend on defects. A whole file is spoiled
only where a sound version of it is delivered later.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PLANTED = ("add_row", "alter_row", "repeat_row", "add_line", "drop_column", "add_column")
"""Actions on the text of a file. `none`: the defect is in how the rows were made; `send_again`: in the delivery."""


@dataclass(frozen=True)
class Defect:
    """One line of `defects.csv`."""

    extract: str
    period: str
    version: str
    defect: str
    action: str
    after_row: int
    """The row number, as in a spreadsheet, behind which a row is added; it is also the row that is copied."""
    changes: Mapping[str, str]
    rows: int
    outcome: str
    rejected: int
    rule: str
    """The rule that rejects the rows, or words that a refusal holds."""


def read_defects(file: Path) -> list[Defect]:
    """Return the defects that `file` lists."""
    with file.open(newline="", encoding="utf-8") as lines:
        return [
            Defect(
                extract=line["extract"],
                period=line["period"],
                version=line["version"],
                defect=line["defect"],
                action=line["action"],
                after_row=int(line["after_row"] or 0),
                changes=dict(change.split("=", 1) for change in line["changes"].split(";") if change),
                rows=int(line["rows"]),
                outcome=line["outcome"],
                rejected=int(line["rejected"]),
                rule=line["rule"],
            )
            for line in csv.DictReader(lines)
        ]


def plant(file: Path, defects: Sequence[Defect]) -> None:
    """Plant the defects in a CSV file without line breaks in values; from its end, so that row numbers hold."""
    lines = file.read_bytes().split(b"\n")
    for defect in sorted(defects, key=lambda defect: -defect.after_row):
        _ACTIONS[defect.action](lines, defect)
    file.write_bytes(b"\n".join(lines))


def _add_row(lines: list[bytes], defect: Defect) -> None:
    """Add a copy of a row with some values changed; 0 stands for a row blank but for them, at the end."""
    header = _values(lines[0])
    # The last piece is what follows the last line end: nothing.
    place = defect.after_row or len(lines) - 1
    copied = _values(lines[defect.after_row - 1]) if defect.after_row else [""] * len(header)
    row = {**dict(zip(header, copied, strict=True)), **defect.changes}
    lines[place:place] = [_line(list(row.values()))] * defect.rows


def _alter_row(lines: list[bytes], defect: Defect) -> None:
    """Write a row in another way that is still sound."""
    row = {**dict(zip(_values(lines[0]), _values(lines[defect.after_row - 1]), strict=True)), **defect.changes}
    lines[defect.after_row - 1] = _line(list(row.values()))


def _repeat_row(lines: list[bytes], defect: Defect) -> None:
    lines[defect.after_row : defect.after_row] = [lines[defect.after_row - 1]] * defect.rows


def _add_line(lines: list[bytes], defect: Defect) -> None:
    """Add a line as it is written in the list, for rows that are no CSV rows of this file."""
    lines[defect.after_row : defect.after_row] = [_encoded(defect.changes["line"])] * defect.rows


def _drop_column(lines: list[bytes], defect: Defect) -> None:
    dropped = _values(lines[0]).index(defect.changes["column"])
    for number, line in enumerate(lines[:-1]):
        values = _values(line)
        lines[number] = _line(values[:dropped] + values[dropped + 1 :])


def _add_column(lines: list[bytes], defect: Defect) -> None:
    for number, line in enumerate(lines[:-1]):
        lines[number] = _line([*_values(line), defect.changes["value"] if number else defect.changes["column"]])


_ACTIONS: dict[str, Callable[[list[bytes], Defect], None]] = dict(
    zip(PLANTED, (_add_row, _alter_row, _repeat_row, _add_line, _drop_column, _add_column), strict=True)
)


def _values(line: bytes) -> list[str]:
    return next(csv.reader([line.decode()]))


def _line(values: Sequence[str]) -> bytes:
    quoted = ['"' + value.replace('"', '""') + '"' if set(value) & set('",\n') else value for value in values]
    return _encoded(",".join(quoted))


def _encoded(text: str) -> bytes:
    r"""Return the bytes of a text, in which `\x96` stands for a byte that is no UTF-8."""
    return text.encode().replace(rb"\x96", b"\x96")
