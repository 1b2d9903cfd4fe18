"""The made-up extracts as they lie in landing, read with the standard library, apart from the SQL that made them."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from sources.samples import synthetic
from sources.samples.planting import Defect
from tests.places import PLAN_TIME
from tests.seeds import Row, rows_of


def listed(name: str) -> list[Row]:
    """Return a list from which the extracts are made."""
    return rows_of(PLAN_TIME / f"{name}.csv")


@cache
def stems() -> dict[str, str]:
    """Return the stem of the file name of each extract."""
    return {row["extract"]: row["file_stem"] for row in listed("extracts")}


@dataclass(frozen=True)
class Delivery:
    """A file as an agency delivers it."""

    feed: str
    name: str
    content: bytes
    landed: str
    """Name of the file in landing: the zip, if it is part of one."""

    @property
    def period(self) -> str:
        found = re.search(r"\d{4}(-\d\d)?", self.name)
        assert found
        return found.group()

    @cached_property
    def version(self) -> int:
        found = re.search(r"-v(\d+)\.", self.name)
        return int(found.group(1)) if found else 1

    @cached_property
    def stem(self) -> str:
        return re.sub(r"(-v\d+)?\.\w+$", "", self.name)

    @cached_property
    def rows(self) -> list[Row]:
        if self.name.endswith(".xlsx"):
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(self.content))
            header, *lines = workbook.get_sheet_by_index(0).to_python()
            return [dict(zip(map(str, header), map(_text, line), strict=True)) for line in lines]
        return list(csv.DictReader(io.StringIO(self.content.decode("utf-8", "replace"), newline="")))

    @cached_property
    def defects(self) -> list[Defect]:
        """What the list says of this file."""
        return [
            defect
            for defect in synthetic.all_defects()
            if self.stem == stems()[defect.extract].format(period=defect.period) and self.version == int(defect.version)
        ]

    @cached_property
    def sound_rows(self) -> list[Row]:
        """The rows but for those that defects added; a row that is repeated is there once."""
        added = [defect.changes for defect in self.defects if defect.rejected and defect.action == "add_row"]
        rows = [
            row
            for row in self.rows
            if not any(all(row[column] == mangled(value) for column, value in row_.items()) for row_ in added)
        ]
        for defect in self.defects:
            if defect.action in {"repeat_row", "add_line"}:
                del rows[defect.after_row - 1]
        return rows


def mangled(value: str) -> str:
    """Return what is read where a byte is no UTF-8."""
    return value.replace("\\x96", "\N{REPLACEMENT CHARACTER}")


def _text(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) else str(cell)


def deliveries_below(landing: Path) -> Iterator[Delivery]:
    """Yield the made-up deliveries below a landing folder in the order of their arrival."""
    files = (file for file in landing.rglob("*.*") if "-synthetic" in file.name)
    for file in sorted(files, key=lambda file: (file.stat().st_mtime_ns, file)):
        feed = file.parent.relative_to(landing).as_posix()
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as archive:
                for name in sorted(archive.namelist()):
                    yield Delivery(feed, name, archive.read(name), file.name)
        else:
            yield Delivery(feed, file.name, file.read_bytes(), file.name)


def latest(deliveries: list[Delivery], stem: str) -> list[Delivery]:
    """Return the deliveries of one kind that stand: the last version of each period."""
    found = {d.period: d for d in sorted(deliveries, key=lambda d: d.version) if re.fullmatch(stem, d.stem)}
    return list(found.values())
