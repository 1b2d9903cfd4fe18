"""Checks the rules of the folder's tables, and names the file, line, column and value that break one.

Each kind of rule is the dbt test of the same name, which holds the same rows at night.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache

import duckdb

from sources.folder.reference import DBT_PROJECT
from sources.partnership.read import Problem, Row, Value, as_text
from sources.partnership.tables import NATIONAL, REPLACES, Rule, Table
from sources.partnership.typed import NUMBER, create_typed

Rows = Mapping[str, Sequence[Row]]
_MOST_LISTED = 12


def broken(table: Table, rule: Rule, rows: Rows) -> Iterator[Problem]:
    """Return the rows of a table that break one of its rules."""
    return iter(_KINDS[rule.kind](table, rule, rows))


def _unique_key(table: Table, rule: Rule, rows: Rows) -> Iterator[Problem]:
    columns: list[str] = rule.arguments["columns"]
    seen: dict[tuple[Value, ...], Row] = {}
    for row in rows[table.name]:
        key = tuple(row.values[column] for column in columns)
        first = seen.setdefault(key, row)
        if first is not row:
            same = ", ".join(f"{column} {row.values[column]}" for column in columns)
            where = f"line {first.line}" + ("" if first.file == row.file else f" of {first.file}")
            remedy = (
                f"Say in `{REPLACES}` why yours stands in for it." if NATIONAL in first.file.parents else "Keep one."
            )
            yield Problem(row.file, row.line, columns[-1], _text(key[-1]), f"repeats {where} ({same}). {remedy}")


def _accepted_values(table: Table, rule: Rule, rows: Rows) -> Iterator[Problem]:
    values: list[str] = rule.arguments["values"]
    return _not_among(table, rule, rows, values, f"is none of {', '.join(values)}.")


def _relationships(table: Table, rule: Rule, rows: Rows) -> Iterator[Problem]:
    named, field = str(rule.table_named), rule.arguments["field"]
    if named in rows:
        values, home = [_text(row.values[field]) for row in rows[named]], f"{named}.csv".removeprefix("plan_")
    else:
        values, home = list(_seed(named, field)), f"the national list {named}"
    known = [value for value in dict.fromkeys(values) if value is not None]
    listed = ", ".join(known) if len(known) <= _MOST_LISTED else ""
    return _not_among(
        table, rule, rows, known, f"is no {field} of {home}" + (f", which has {listed}." if listed else ".")
    )


def _not_among(table: Table, rule: Rule, rows: Rows, known: Sequence[str], expected: str) -> Iterator[Problem]:
    column, among = str(rule.column), set(known)
    for row in rows[table.name]:
        value = _text(row.values[column])
        if value is not None and value not in among:
            near = get_close_matches(value, known, n=1)
            meant = f" Did you mean {near[0]}?" if near else ""
            yield Problem(row.file, row.line, column, value, expected + meant)


def _rows_are_in(table: Table, rule: Rule, rows: Rows) -> Iterator[Problem]:
    columns: list[str] = rule.arguments["columns"]
    named = str(rule.table_named)
    known = {tuple(row.values[column] for column in columns) for row in rows[named]}
    for row in rows[table.name]:
        key = tuple(row.values[column] for column in columns)
        if None not in key and key not in known:
            yield Problem(row.file, row.line, columns[-1], _text(key[-1]), rule.description)


def _is_true(table: Table, rule: Rule, rows: Rows) -> Iterator[Problem]:
    with duckdb.connect() as connection:
        create_typed(connection, "held", table, rows[table.name])
        breaks = f"SELECT {NUMBER} FROM held WHERE NOT coalesce({rule.arguments['statement']}, false) ORDER BY 1"
        for (number,) in connection.execute(breaks).fetchall():
            row = rows[table.name][number]
            yield Problem(row.file, row.line, None, None, rule.description)


@cache
def _seed(name: str, field: str) -> tuple[str, ...]:
    """Return a column of a national list: a seed of the dbt project."""
    file = next((DBT_PROJECT / "seeds").rglob(f"{name}.csv"))
    with file.open(newline="", encoding="utf-8") as text:
        return tuple(row[field] for row in csv.DictReader(text) if row[field])


def _text(value: Value) -> str | None:
    return None if value is None else as_text(value)


_KINDS: dict[str, Callable[[Table, Rule, Rows], Iterable[Problem]]] = {
    "unique_key": _unique_key,
    "never_null": lambda *_: (),  # what is needed and empty is told where the file is read
    "accepted_values": _accepted_values,
    "relationships": _relationships,
    "rows_are_in": _rows_are_in,
    "is_true": _is_true,
}
