"""Whether DuckDB can judge the rules of a document, seen on columns without values before any file is."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cache

import duckdb

from sources.contract.errors import Mistake
from sources.contract.home_areas import without_home_areas
from sources.contract.rules import SQL_TYPES, FileCondition, RowRule, text_column
from sources.folder.sql_text import identifier

_NUMBERS = {"integer", "number"}
_BOUND = re.compile(r" [<>]= -?[0-9]+(\.[0-9]+)?")


def check_rules(rules: Sequence[RowRule], logical_types: Mapping[str, str]) -> None:
    """Check that the names differ and that DuckDB can judge every predicate over the columns.

    Raises:
        Mistake: the first rule that cannot be used.
    """
    names = [rule.name for rule in rules]
    repeated = [name for name in names if names.count(name) > 1]
    if repeated:
        raise Mistake(f"rule {repeated[0]}", "appears twice", "Rename one.")
    _check_preferences(rules, _without_values(logical_types))
    judged = [rule for rule in rules if not rule.is_unique]
    with _judge().cursor() as connection:
        if not _are_all_good(connection, judged, logical_types):
            _find_the_wrong_one(connection, judged, logical_types)


def _are_all_good(
    connection: duckdb.DuckDBPyConnection, rules: Sequence[RowRule], logical_types: Mapping[str, str]
) -> bool:
    """Judge all rules at once, of the columns that a contract has words on; False where one may be wrong."""
    if _reserved_words() & logical_types.keys():
        return False
    own = set(_predicates_of_the_types(logical_types))
    sent = [rule for rule in rules if not _is_ours(rule, own, logical_types)]
    predicates = " ".join(rule.predicate for rule in sent)
    named = {name: kind for name, kind in logical_types.items() if name in predicates}
    if not named:
        return not sent
    try:
        # What can be judged of blank texts can be judged of none.
        kinds = _kinds_of_verdicts(connection, [rule for rule in sent if not rule.column], _without_values(named))
        kinds |= _kinds_of_verdicts(connection, [rule for rule in sent if rule.column], _with_blank_texts(named))
    except duckdb.Error:
        return False
    return kinds <= {"BOOLEAN"}


def _find_the_wrong_one(
    connection: duckdb.DuckDBPyConnection, rules: Sequence[RowRule], logical_types: Mapping[str, str]
) -> None:
    for rule in rules:
        where = f"rule {rule.name}"
        try:
            kinds = _kinds_of_verdicts(connection, [rule], _without_values(logical_types))
            if rule.column:
                _kinds_of_verdicts(connection, [rule], _with_blank_texts(logical_types))
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
    return duckdb.connect(config={"threads": 1, "enable_external_access": "false", "lock_configuration": "true"})


@cache
def _reserved_words() -> frozenset[str]:
    """Return the words that are no names of columns without quotes, as rules write them."""
    words = _judge().execute(
        "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category NOT IN ('unreserved', 'column_name')"
    )
    return frozenset(word for (word,) in words.fetchall())


def _predicates_of_the_types(logical_types: Mapping[str, str]) -> Iterator[str]:
    """Yield what is written for every column that must be filled or is no text: DuckDB can judge it of any column."""
    for name, kind in logical_types.items():
        text = text_column(name, kind)
        yield from (f"{text} is not null", f"{text} is null or {name} is not null")


def _is_ours(rule: RowRule, own: Collection[str], logical_types: Mapping[str, str]) -> bool:
    """Return whether no contract has a word in a predicate: hundreds are, and to judge them takes half the time."""
    kind = logical_types.get(rule.column or "")
    bound = kind in _NUMBERS and _BOUND.fullmatch(rule.predicate.removeprefix(str(rule.column)))
    return rule.predicate in own or bool(bound)


def _without_values(logical_types: Mapping[str, str]) -> str:
    """Return SQL of one row of the columns as they are typed and as they are sent, all of them null."""
    typed = (f"NULL::{SQL_TYPES[kind]} AS {identifier(name)}" for name, kind in logical_types.items())
    sent = (
        f"NULL::VARCHAR AS {identifier(text_column(name, kind))}"
        for name, kind in logical_types.items()
        if kind != "string"
    )
    return f"(SELECT {', '.join([*typed, *sent])})"


def _with_blank_texts(logical_types: Mapping[str, str]) -> str:
    """Return the same with blank texts: a pattern is compiled when it meets a value."""
    blank = (f"'' AS {identifier(text_column(name, kind))}" for name, kind in logical_types.items())
    return f"(SELECT * REPLACE ({', '.join(blank)}) FROM {_without_values(logical_types)})"


def _kinds_of_verdicts(connection: duckdb.DuckDBPyConnection, rules: Sequence[RowRule], relation: str) -> set[str]:
    """Judge the rows of `relation` by all rules, and return the SQL types of what comes out."""
    if not rules:
        return set()
    predicates = [rule.predicate_for(date(2000, 1, 1), date(2000, 1, 31), "supplier") for rule in rules]
    verdicts = connection.execute(f"SELECT {', '.join(f'({predicate})' for predicate in predicates)} FROM {relation}")
    kinds = {str(column[1]) for column in verdicts.description or []}
    verdicts.fetchall()
    return kinds
