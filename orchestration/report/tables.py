"""What a page shows, read from a release's tables by the SQL files beside this module."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

QUERIES = Path(__file__).parent / "queries"

Row = dict[str, Any]


class Tables:
    """The tables of one release, read by name of a query; rows come in the order that the query says.

    `previous` is the release before, whose tables are in the schema of that name; None where there is none to read.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, previous: str | None = None) -> None:
        self._connection = connection
        self.previous = previous

    def rows(self, query: str, **parameters: Any) -> list[Row]:
        """Return the rows of `queries/<query>.sql` as mappings of column to value; parameters fill its `$name`."""
        result = self._connection.execute(_text(query), parameters)
        columns = [column[0] for column in result.description or []]
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]

    def of_each_indicator(self, query: str, **parameters: Any) -> dict[str, list[Row]]:
        """Return the rows of a query by their indicator, in its order: one query for all pages, not one a page."""
        found: dict[str, list[Row]] = {}
        for row in self.rows(query, **parameters):
            found.setdefault(row["indicator_code"], []).append(row)
        return found

    def changes(self, query: str, **parameters: Any) -> list[Row] | None:
        """Return the rows of a query that compares with the release before.

        None where that has not the tables or columns of today: another version made it, or it is damaged.
        """
        try:
            return self.rows(query, **parameters) if self.previous else None
        except duckdb.Error:
            return None


@cache
def _text(query: str) -> str:
    return (QUERIES / f"{query}.sql").read_text(encoding="utf-8")


def grouped(rows: Iterable[Row], column: str) -> list[tuple[Any, list[Row]]]:
    """Return the rows that follow each other with the same value of a column, together with that value."""
    return [(key, list(group)) for key, group in groupby(rows, key=lambda row: row[column])]


def repeated_notes(rows: Iterable[Row]) -> list[str]:
    """Return the notes that more than two of the rows have, each once: a table says them above, and not in each row."""
    counted = Counter(row["note"] for row in rows if row["note"])
    return [note for note, rows_of_it in counted.items() if rows_of_it > 2]


def made(rows: Iterable[Mapping[str, Any]]) -> dict[str, bool]:
    """Return whether any of the rows is made up."""
    return {"is_synthetic": any(row.get("is_synthetic") for row in rows)}
