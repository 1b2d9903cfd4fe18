"""What is wrong with single rows: one line a row and broken rule, as the Parquet of rejected rows holds it."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from sources.contract.load import Contract
from sources.contract.rules import RowRule
from sources.folder.sql_text import literal
from sources.reading.damage import DAMAGE_REASONS
from sources.reading.parquet import PARQUET
from sources.reading.row_sql import RowSql


def find_broken_rows(connection: duckdb.DuckDBPyConnection, sql: RowSql, accepted_file: Path | None) -> None:
    """Make the table `broken` (row_number, rule_order, value, record), one line a row and rule of its own.

    Rows in `accepted_file` break none; without such a file the table stays empty.
    """
    columns = "row_number BIGINT, rule_order INTEGER, value VARCHAR, record VARCHAR"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE broken ({columns})")
    if accepted_file:
        connection.execute(f"INSERT INTO broken {sql.broken(accepted_file)}")


def gather_findings(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Make the table `findings` of `damage` and `broken`: the rejected rows but for the sha256."""
    rules: dict[int, RowRule] = dict(enumerate(contract.row_rules, 1))
    headers = {column.name: column.header for column in contract.columns}
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE findings AS SELECT row_number, "
        "(row_number() OVER (PARTITION BY row_number ORDER BY rule))::INTEGER AS rule_order, "
        "rule, NULL::VARCHAR AS column_name, NULL::VARCHAR AS value, "
        f"{_choice('rule', DAMAGE_REASONS)} AS reason, record FROM damage UNION ALL "
        "SELECT row_number, row_number() OVER (PARTITION BY row_number ORDER BY rule_order), "
        f"{_choice('rule_order', {order: rule.name for order, rule in rules.items()})}, "
        f"{_choice('rule_order', {order: headers[rule.column] for order, rule in rules.items() if rule.column})}, "
        f"value, {_choice('rule_order', {order: rule.expected for order, rule in rules.items()})}, record "
        "FROM broken"
    )


def write_findings(connection: duckdb.DuckDBPyConnection, sha256: str, target: Path) -> dict[str, int]:
    """Write the rejected rows, and return how many break each rule first."""
    connection.execute(
        f"COPY (SELECT {literal(sha256)} AS file_sha256, * FROM findings ORDER BY row_number, rule_order) "
        f"TO {literal(str(target))} ({PARQUET})"
    )
    return dict(
        connection.execute(
            "SELECT rule, count(*) FROM findings WHERE rule_order = 1 GROUP BY rule ORDER BY count(*) DESC, rule"
        ).fetchall()
    )


def _choice(column: str, texts: Mapping[int, str] | Mapping[str, str]) -> str:
    cases = " ".join(f"WHEN {literal(key)} THEN {literal(text)}" for key, text in texts.items())
    return f"CASE {column} {cases} END" if texts else "NULL"
