"""Rows that repeat a value which may appear once in a file; one of them stays, the first or the one preferred."""

from pathlib import Path

import duckdb

from sources.contract.home_areas import with_home_areas
from sources.contract.rules import RowRule
from sources.folder.sql_text import identifier, literal
from sources.reading.engine import number
from sources.reading.outcomes import RowsLost
from sources.reading.parquet import PARQUET
from sources.reading.row_sql import RowSql


def any_repeated(connection: duckdb.DuckDBPyConnection, sql: RowSql, accepted_file: Path, accepted: int) -> bool:
    """Return whether a value that may appear once repeats; check on the way that every accepted row was written.

    Raises:
        RowsLost: the file written holds another number of rows.
    """
    unique = [rule for rule in sql.contract.row_rules if rule.is_unique]
    # Hashes are small to compare; the few rows that meet are compared in full afterwards.
    counts = [
        f"count(*) FILTER ({filled}) > count(DISTINCT hash({columns})) FILTER ({filled})"
        for columns, filled in map(_unique_sql, unique)
    ]
    ((written, *repeated),) = connection.execute(
        f"SELECT {', '.join(['count(*)', *counts])} FROM read_parquet({literal(str(accepted_file))})"
    ).fetchall()
    if written != accepted:
        raise RowsLost(f"{accepted} rows accepted, {written} written: nothing of this file was taken in")
    return any(repeated)


def leave_out_repeated(connection: duckdb.DuckDBPyConnection, sql: RowSql, accepted_file: Path) -> int:
    """Take the rows that repeat a value out of the accepted ones, and add them to the table `broken`.

    Returns how many they are.
    """
    accepted = f"read_parquet({literal(str(accepted_file))})"
    connection.execute("CREATE OR REPLACE TEMP TABLE repeated (row_number BIGINT, rule_order INTEGER)")
    for order, rule in enumerate(sql.contract.row_rules, 1):
        if not rule.is_unique:
            continue
        columns, filled = _unique_sql(rule)
        connection.execute(
            f"INSERT INTO repeated SELECT row_number, {order} FROM {accepted} "
            f"WHERE {filled} AND hash({columns}) IN "
            f"(SELECT hash({columns}) FROM {accepted} WHERE {filled} GROUP BY ALL HAVING count(*) > 1) "
            f"QUALIFY row_number() OVER (PARTITION BY {columns} ORDER BY {_order(sql, rule)}) > 1"
        )
        numbers = f"SELECT row_number FROM repeated WHERE rule_order = {order}"
        connection.execute(
            f"INSERT INTO broken SELECT row_number, {order}, value, record FROM ({sql.as_sent(rule, numbers)})"
        )
    first_writing = accepted_file.rename(accepted_file.with_name("first_writing.parquet"))
    connection.execute(
        f"COPY (FROM read_parquet({literal(str(first_writing))}) "
        "WHERE row_number NOT IN (SELECT row_number FROM repeated)) "
        f"TO {literal(str(accepted_file))} ({PARQUET})"
    )
    return number(connection, "SELECT count(DISTINCT row_number) FROM repeated")


def _order(sql: RowSql, rule: RowRule) -> str:
    """Return the order of rows that share a value, the one that stays first."""
    contract, supplier = sql.contract, sql.delivery.supplier
    preferred = [
        f"({with_home_areas(expression, contract.agency, supplier)}) DESC NULLS LAST" for expression in rule.preference
    ]
    return ", ".join([*preferred, "row_number"])


def _unique_sql(rule: RowRule) -> tuple[str, str]:
    """Return the columns whose values together may appear once, and the condition that they are filled."""
    columns = list(map(identifier, rule.unique_columns))
    return ", ".join(columns), " AND ".join(f"{column} IS NOT NULL" for column in columns)
