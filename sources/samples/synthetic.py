"""Makes the synthetic extracts of the plan's time: what to make is data in `plan_time/`, how is the SQL beside it.

The same data give the same bytes, whatever the machine, the number of threads and the time of day.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import duckdb

from sources.folder.sql_text import identifier, literal
from sources.samples.packing import write_zip
from sources.samples.planting import PLANTED, Defect, plant, read_defects
from sources.samples.workbook import Cell, write_workbook

PLAN_TIME = Path(__file__).parent / "plan_time"
# In the order in which they stand on each other.
SCRIPTS = (
    "common",
    "recorded_crime",
    "recorded_crime_versions",
    "incidents",
    "road_casualties",
    "fire",
    "csp_recorded_crime",
    "population",
    "marac_cases",
    "street_cleanliness",
    "asb_cases",
    "young_offenders",
    "probation_reoffending",
    "priority_offenders",
    "surveys",
    "hospital_admissions",
    "assault_attendances",
    "drug_treatment",
)
# Times of the files: intake takes them in that order, and a later version has to come later.
ARRIVALS = {
    "first": datetime(2011, 5, 3, 9, tzinfo=UTC).timestamp(),
    "later": datetime(2011, 6, 2, 9, tzinfo=UTC).timestamp(),
}


@dataclass(frozen=True)
class Extract:
    """One delivery to be written: a file of its own, or a member of a zip."""

    kind: str
    """Its rows are in the table `<kind>_written`."""
    feed: str
    file_name: str
    sheet: str | None
    """Sheet of the workbook, where it is one."""
    zip_stem: str
    zip: str | None
    """Which of its feed's zips it is a member of; None for a file of its own."""
    period: str
    version: str

    @property
    def landing_path(self) -> str:
        """Return the path below landing/ of the file that is dropped: the zip, if it is part of one."""
        return f"{self.feed}/{f'{self.zip_stem}-{self.zip}-synthetic.zip' if self.zip else self.file_name}"


@contextmanager
def generator(
    scripts: tuple[str, ...] = SCRIPTS,
    crime_factor: float | None = None,
    supplier: str | None = None,
    places: Path = PLAN_TIME / "places.csv",
    settings: Mapping[str, str | int] | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection in which the tables of `plan_time/` are loaded and the scripts have run.

    With a factor there are so many times the crimes of the sample, and none of its restatements; another supplier has
    other crimes.
    """
    with duckdb.connect(config=dict(settings or {})) as connection:
        connection.execute(f"SET VARIABLE crime_factor = {literal(crime_factor)}")
        connection.execute(f"SET VARIABLE supplier = {literal(supplier)}")
        for table in sorted(PLAN_TIME.glob("*.csv")):
            load_table(connection, places if table.stem == "places" else table, table.stem)
        for script in scripts:
            connection.execute((PLAN_TIME / f"{script}.sql").read_text(encoding="utf-8"))
        yield connection


def load_table(connection: duckdb.DuckDBPyConnection, file: Path, name: str) -> None:
    """Load a CSV table as text, with `position` for the order of its lines."""
    connection.execute(
        f"CREATE TABLE {identifier(name)} AS SELECT *, row_number() OVER () AS position "
        f"FROM read_csv({literal(str(file))}, all_varchar = true, header = true, delim = ',', quote = '\"')"
    )


def extracts_of(connection: duckdb.DuckDBPyConnection) -> list[Extract]:
    """Return every delivery of the set, in the order of `files.csv`."""
    rows = connection.execute(
        "SELECT extract, feed, file_name, CASE file_format WHEN 'xlsx' THEN sheet END, zip_stem, zip, period, version "
        "FROM file ORDER BY position"
    ).fetchall()
    return [Extract(*row) for row in rows]


def write_extract(connection: duckdb.DuckDBPyConnection, extract: Extract, folder: Path) -> Path:
    """Write one delivery into `folder`."""
    target = folder / extract.file_name
    rows = (
        f"SELECT * EXCLUDE (file_name, position) FROM {identifier(extract.kind + '_written')} "
        f"WHERE file_name = {literal(extract.file_name)} ORDER BY position"
    )
    if extract.sheet:
        result = connection.execute(rows)
        header = [column[0] for column in result.description or []]
        write_workbook(
            target, extract.sheet, [header, *([_as_cell(value) for value in row] for row in result.fetchall())]
        )
    else:
        connection.execute(f"COPY ({rows}) TO {literal(str(target))} (FORMAT csv, HEADER)")
    return target


def _as_cell(value: str | int | None) -> Cell:
    """Return a value as a cell: a text that is a day becomes one."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else value
    except ValueError:
        return value


def write_all(folder: Path) -> list[Path]:
    """Write the whole set below `folder`, as it would lie below landing/; return the files."""
    members = folder / "members"
    parts: dict[str, list[Path]] = {}
    arrivals: dict[str, float] = {}
    with generator() as connection:
        for delivery in deliveries(connection):
            place = members / delivery.landing_path
            place.mkdir(parents=True, exist_ok=True)
            file = write_extract(connection, delivery, place)
            if planted := [defect for defect in defects_of(delivery) if defect.action in PLANTED]:
                plant(file, planted)
            parts.setdefault(delivery.landing_path, []).append(file)
            arrivals[delivery.landing_path] = ARRIVALS[delivery.zip or "first"]
    written = []
    for landing_path, files in parts.items():
        target = folder / landing_path
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix == ".zip":
            write_zip(target, files)
        else:
            files[0].replace(target)
        os.utime(target, (arrivals[landing_path], arrivals[landing_path]))
        written.append(target)
    shutil.rmtree(members)
    return written


def deliveries(connection: duckdb.DuckDBPyConnection) -> list[Extract]:
    """Return the extracts, and those again that are sent a second time."""
    extracts = extracts_of(connection)
    again = [
        replace(extract, zip=defect.changes["zip"])
        for extract in extracts
        for defect in defects_of(extract)
        if defect.action == "send_again"
    ]
    return extracts + again


def defects_of(extract: Extract) -> list[Defect]:
    """Return what is planted in a delivery."""
    identity = (extract.kind, extract.period, extract.version)
    return [defect for defect in all_defects() if (defect.extract, defect.period, defect.version) == identity]


@cache
def all_defects() -> list[Defect]:
    """Return every defect of the set."""
    return read_defects(PLAN_TIME / "defects.csv")
