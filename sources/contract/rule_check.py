"""Whether DuckDB can judge the rules of a document, seen on columns without values before any file is."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache

import duckdb

from sources.contract.errors import Mistake
from sources.contract.home_areas import without_home_areas
from sources.contract.rules import SQL_TYPES, FileCondition, RowRule, text_column
from sources.folder.sql_text import identifier


def check_rules(rules: Sequence[RowRule], logical_types: Mapping[str, str]) -> None:
    """Check that the names differ and that DuckDB can judge every predicate over the columns.

    Raises:
        Mistake: the first rule that cannot be used.
    """
    columns = [f"NULL::{SQL_TYPES[kind]} AS {identifier(name)}" for name, kind in logical_types.items()] + [
        f"NULL::VARCHAR AS {identifier(text_column(name, kind))}"
        for name, kind in logical_types.items()
        if kind != "string"
    ]
    names = [rule.name for rule in rules]
    repeated = [name for name in names if names.count(name) > 1]
    if repeated:
        raise Mistake(f"rule {repeated[0]}", "appears twice", "Rename one.")
    judged = [rule for rule in rules if not rule.is_unique]
    nothing = f"(SELECT {', '.join(columns)})"
    _check_preferences(rules, nothing)
    # A pattern is compiled when it meets a value, so show it one.
    texts = f"(SELECT * REPLACE ({', '.join(_blank_texts(logical_types))}) FROM {nothing})"
    with _judge().cursor() as connection:
        try:
            kinds = _kinds_of_verdicts(connection, judged, nothing)
            _kinds_of_verdicts(connection, [rule for rule in judged if rule.column], texts)
            if kinds <= {"BOOLEAN"}:
                return
        except duckdb.Error:
            pass
        # One of them is wrong: find out which.
        for rule in judged:
            where = f"rule {rule.name}"
            try:
                kinds = _kinds_of_verdicts(connection, [rule], nothing)
                if rule.column:
                    _kinds_of_verdicts(connection, [rule], texts)
            except duckdb.Error as error:
                problem = str(error).splitlines()[0]
                raise Mistake(where, f"DuckDB cannot judge it ({problem})", "Correct its SQL or pattern.") from error
            if kinds != {"BOOLEAN"}:
                raise Mistake(where, f"gives {kinds.pop()}, not true or false", "Write a condition.")


def check_conditions(conditions: Sequence[FileCondition], logical_types: Mapping[str, str]) -> None:
    """Check that the names differ and that DuckDB can judge every condition over the accepted rows of a file.

    Raises:
        Mistake: the first condition that cannot be used.
    """
    columns = [f"NULL::{SQL_TYPES[kind]} AS {identifier(name)}" for name, kind in logical_types.items()]
    rows = f"(SELECT {', '.join(columns)} FROM range(2))"
    names = [condition.name for condition in conditions]
    for condition in conditions:
        where = f"rule {condition.name}"
        if names.count(condition.name) > 1:
            raise Mistake(where, "appears twice", "Rename one.")
        predicate = condition.predicate_for(date(2000, 1, 1), date(2000, 1, 31), "supplier")
        try:
            with _judge().cursor() as connection:
                verdict = connection.execute(f"SELECT ({predicate}) FROM {rows}")
                kind = str((verdict.description or [])[0][1])
                verdicts = len(verdict.fetchall())
        except duckdb.Error as error:
            problem = str(error).splitlines()[0]
            remedy = "Write SQL over aggregates of the columns."
            raise Mistake(where, f"DuckDB cannot judge it ({problem})", remedy) from error
        if kind != "BOOLEAN":
            raise Mistake(where, f"gives {kind}, not true or false", "Write a condition.")
        if verdicts != 1:
            raise Mistake(where, "judges each row and not the file", "Use aggregates, or leave out scope: file.")


def _check_preferences(rules: Sequence[RowRule], nothing: str) -> None:
    for rule in rules:
        for expression in rule.preference:
            try:
                with _judge().cursor() as connection:
                    connection.execute(f"FROM {nothing} ORDER BY ({without_home_areas(expression)})")
            except duckdb.Error as error:
                problem = str(error).splitlines()[0]
                where = f"rule {rule.name}.preference"
                raise Mistake(where, f"DuckDB cannot order by it ({problem})", "Correct its SQL.") from error


@cache
def _judge() -> duckdb.DuckDBPyConnection:
    """Return an empty database; opening one costs more than judging the rules of a contract.

    A rule judges the values of a row: one that would read a file or a setting of the machine cannot be judged here.
    """
    return duckdb.connect(config={"enable_external_access": "false", "lock_configuration": "true"})


def _blank_texts(logical_types: Mapping[str, str]) -> Iterator[str]:
    for name, kind in logical_types.items():
        column = identifier(text_column(name, kind))
        yield f"'' AS {column}"


def _kinds_of_verdicts(connection: duckdb.DuckDBPyConnection, rules: Sequence[RowRule], relation: str) -> set[str]:
    """Judge the rows of `relation` by all rules, and return the SQL types of what comes out."""
    if not rules:
        return set()
    predicates = [rule.predicate_for(date(2000, 1, 1), date(2000, 1, 31), "supplier") for rule in rules]
    verdicts = connection.execute(f"SELECT {', '.join(f'({predicate})' for predicate in predicates)} FROM {relation}")
    kinds = {str(column[1]) for column in verdicts.description or []}
    verdicts.fetchall()
    return kinds
