"""Writes recorded-crime extracts of any size: `python -m sources.samples.generate --crimes 10000000 --out DIR`.

The crimes are those of the sample many times over, in the wards of `--places`. Each file is written straight from the
engine, one after another, so that memory is bounded by the largest month.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from sources.folder.durable import put_in_place
from sources.folder.sql_text import literal
from sources.samples.synthetic import PLAN_TIME, generator

_SCRIPTS = ("common", "recorded_crime")
_LAST_MONTH, _MONTHS = "2011-03", 96
# Files as the sample writes most of them.
_STYLES = "'code' AS code_style, 'dmy' AS date_style"


def write_months(
    out: Path, crimes: int, months: int, supplier: str, places: Path, memory_limit: str = "1GB"
) -> Iterator[tuple[Path, int]]:
    """Write the last `months` months of the plan's time into `out`; yield each file and its crimes.

    All files together hold as near to `crimes` as whole numbers of each offence a month allow.
    """
    out.mkdir(parents=True, exist_ok=True)
    with generator(_SCRIPTS) as connection:
        in_sample = sum(rows for _, rows in _months(connection, months))
    settings = {
        "memory_limit": memory_limit,
        "temp_directory": str(out / ".spill"),
        "preserve_insertion_order": "false",
    }
    with generator(_SCRIPTS, crimes / in_sample, supplier, places, settings) as connection:
        for month, rows in _months(connection, months):
            target = out / f"{month}-{supplier}-recorded-crime-synthetic.csv"
            day = f"DATE {literal(month + '-01')}"
            connection.execute(
                "CREATE OR REPLACE TEMP VIEW chosen AS "
                f"SELECT *, NULL AS file_name, series = 'no_crime' AS is_no_crime, {_STYLES} FROM crimes({day}, {day})"
            )
            unfinished = target.with_suffix(".part")
            connection.execute(
                "COPY (SELECT * EXCLUDE (file_name, position) FROM written_crimes('chosen') ORDER BY position) "
                f"TO {literal(str(unfinished))} (FORMAT csv, HEADER)"
            )
            put_in_place(unfinished, target)
            yield target, rows


def _months(connection: duckdb.DuckDBPyConnection, months: int) -> list[tuple[str, int]]:
    """Return the last months of the plan's time, and how many crimes each has."""
    return connection.execute(
        f"SELECT month_label, rows FROM crime_month WHERE month_label <= {literal(_LAST_MONTH)} "
        f"QUALIFY row_number() OVER (ORDER BY month DESC) <= {months} ORDER BY month"
    ).fetchall()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m sources.samples.generate", description=__doc__.splitlines()[0])
    parser.add_argument("--crimes", type=int, required=True, help="crimes in all files together, about")
    parser.add_argument("--months", type=int, default=12, choices=range(1, _MONTHS + 1), metavar="1-96")
    parser.add_argument("--force", default="leicestershire", help="supplier in the file names (default: %(default)s)")
    parser.add_argument(
        "--places", type=Path, default=PLAN_TIME / "places.csv", help="CSV with the columns of places.csv"
    )
    parser.add_argument("--memory-limit", default="1GB", help="of the engine (default: %(default)s)")
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    total = 0
    for file, rows in write_months(
        chosen.out, chosen.crimes, chosen.months, chosen.force, chosen.places, chosen.memory_limit
    ):
        total += rows
        sys.stdout.write(f"{rows:>12,}  {file.stat().st_size:>14,} bytes  {file}\n")
    sys.stdout.write(f"{total:>12,}  in all\n")


if __name__ == "__main__":
    main()
