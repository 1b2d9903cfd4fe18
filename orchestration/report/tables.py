"""What a page shows, read from a release's tables by the SQL files beside this module."""

from functools import cache
from pathlib import Path
from typing import Any

import duckdb

QUERIES = Path(__file__).parent / "queries"

Row = dict[str, Any]


class Tables:
    """The tables of one release, read by name of a query; rows come in the order that the query says."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def rows(self, query: str, **parameters: Any) -> list[Row]:
        """Return the rows of `queries/<query>.sql` as mappings of column to value; parameters fill its `$name`."""
        result = self._connection.execute(_text(query), parameters)
        columns = [column[0] for column in result.description or []]
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


@cache
def _text(query: str) -> str:
    return (QUERIES / f"{query}.sql").read_text(encoding="utf-8")
