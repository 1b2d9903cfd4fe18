"""Reads one delivery under its contract: accepted rows to Parquet, refused rows with reasons to another.

A sound file is copied once, to number its rows, and read once. Only a file with trouble is read again, to say what is
wrong with each row. Both results are finished files in a work folder; moving them into place is the caller's.

The temporary tables of a reading are

    damaged_…  DuckDB's own, one for each way of copying: rows that are no CSV row, as in the numbered copy
    damage     (row_number, rule, record): the same, one line a row and rule
    broken     (row_number, rule_order, value, record): rules that readable rows break
    repeated   (row_number, rule_order): accepted rows that repeat a value which may appear once
    findings   what the rejected Parquet holds, but for the sha256
"""

from pathlib import Path

import duckdb

from sources.folder.sql_text import literal
from sources.personal.keyed_hash import variables_sql
from sources.reading.damage import describe_damage, look_at_damage
from sources.reading.delivery import Delivery
from sources.reading.engine import number
from sources.reading.findings import find_broken_rows, gather_findings, write_findings
from sources.reading.outcomes import Refused, Rows, RowsLost
from sources.reading.parquet import PARQUET
from sources.reading.personal_rows import check_personal_rows
from sources.reading.repeated_rows import any_repeated, leave_out_repeated
from sources.reading.row_numbering import Care, number_rows
from sources.reading.row_sql import RowSql
from sources.reading.whole_file import check_postcodes, judged
from sources.reasons.reason import reason


def read_rows(database: duckdb.DuckDBPyConnection, delivery: Delivery, work: Path, key: bytes | None = None) -> Rows:
    """Read a delivery, and return the account of its rows.

    `database` is an `engine`; the results are files in the folder `work`. `key` is needed for a contract with hashed
    columns.

    Raises:
        Refused: the file as a whole breaks its contract.
        PersonalData: it holds personal data that is not agreed.
        RowsLost: the account does not add up.
    """
    # A cursor has temporary tables of its own, which go with it.
    with database.cursor() as connection:
        # On standard output it would stand between the lines of the nightly.
        connection.execute("SET enable_progress_bar = false")
        if delivery.contract.hashed_columns:
            if key is None:
                raise ValueError(f"{delivery.contract.document_id} has hashed columns, and no key was given")
            # As variables, so that no statement, plan or error shows it.
            connection.execute(variables_sql(key))
        return _first_that_adds_up(connection, delivery, work)


def _first_that_adds_up(connection: duckdb.DuckDBPyConnection, delivery: Delivery, work: Path) -> Rows:
    """Return the account of the rows, from the first way of copying under which it adds up."""
    stopped: duckdb.Error | None = None
    for care in Care:
        try:
            rows = _attempt(connection, delivery, work, care)
        except duckdb.InvalidInputException as error:
            stopped = error
        else:
            if rows is not None:
                return rows
    problem = str(stopped).splitlines()[0]
    raise Refused([reason("unreadable_csv", f"What reads it says: {problem}")])


def _attempt(connection: duckdb.DuckDBPyConnection, delivery: Delivery, work: Path, care: Care) -> Rows | None:
    """Return the account of the rows; None where a more careful copy is needed."""
    numbered = number_rows(delivery.header.layout, work / "numbered.csv", care, len(delivery.header.headers))
    if numbered.has_endless_value or (care is Care.PLAIN and numbered.has_null_bytes):
        return None
    sql = RowSql(delivery, numbered)
    accepted_file, rejects = work / "accepted.parquet", f"damaged_{care.name.lower()}"
    accepted = number(connection, f"COPY ({sql.accepted(rejects)}) TO {literal(str(accepted_file))} ({PARQUET})")
    damaged, astray = look_at_damage(connection, rejects)
    if care is not Care.EACH_LINE and (astray or (care is Care.PLAIN and damaged)):
        return None
    check_postcodes(connection, sql)
    is_whole = not damaged and accepted == numbered.records
    check_personal_rows(connection, sql, rejects, accepted_file if is_whole else None)
    repeated = any_repeated(connection, sql, accepted_file, accepted)
    if is_whole and not repeated:
        return judged(connection, sql, Rows(accepted, accepted, {}, accepted_file))
    describe_damage(connection, delivery, rejects)
    find_broken_rows(connection, sql, accepted_file if accepted < numbered.records else None)
    left_out = leave_out_repeated(connection, sql, accepted_file) if repeated else 0
    accepted -= left_out
    gather_findings(connection, delivery.contract)
    rejected = number(connection, "SELECT count(DISTINCT row_number) FROM findings")
    if numbered.records - rejected == accepted:
        rejected_file = work / "rejected.parquet"
        by_rule = write_findings(connection, delivery.sha256, rejected_file)
        rows = Rows(numbered.records, accepted, by_rule, accepted_file, rejected_file, left_out)
        return judged(connection, sql, rows)
    if care is Care.EACH_LINE:
        raise RowsLost(
            f"{numbered.records} rows delivered, {rejected} rejected, {accepted} accepted: "
            "nothing of this file was taken in"
        )
    return None
