"""SQL that a person gives: it reads one database, and reaches nothing else of the machine."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

# DuckDB calls PIVOT `multi`. EXPLAIN is left out, because EXPLAIN ANALYZE runs whatever follows it.
_READING = {duckdb.StatementType.SELECT, duckdb.StatementType.MULTI}


class NotAQueryError(Exception):
    """What was given is not one query; the message says what is taken."""


@contextmanager
def answered(database: Path, sql: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield the result of one query on a database file, which nothing that the query says can leave or change.

    No file, extension, secret or setting can be reached. That alone would not do: DuckDB lets a statement write the
    files beside a database that it has open, so that only statements which read are run.

    Raises:
        NotAQueryError: it is no query, or more than one statement.
        duckdb.Error: the query is wrong, or asks for something else than the database.
    """
    with tempfile.TemporaryDirectory(prefix="csp-query-") as spill:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "enable_external_access": "false",
            "allow_persistent_secrets": "false",
            "temp_directory": spill,
            "lock_configuration": "true",
        }
        with duckdb.connect(str(database), read_only=True, config=settings) as connection:
            statements = connection.extract_statements(sql)
            if len(statements) != 1 or statements[0].type not in _READING:
                raise NotAQueryError(
                    f"{len(statements)} statement(s), {', '.join(_name(one) for one in statements) or 'none'}: "
                    "give one query (SELECT, FROM, WITH, VALUES, DESCRIBE, SUMMARIZE or PIVOT). To write its rows to a "
                    "file, add `--format csv > FILE`"
                )
            yield connection.execute(statements[0])


def _name(statement: duckdb.Statement) -> str:
    return statement.type.name
