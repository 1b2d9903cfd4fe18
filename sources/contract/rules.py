"""Rules of a contract as SQL: each judges one row over the canonical, typed columns, or the file as a whole.

A row rule is broken where its predicate is false; where it is NULL (a blank value) it holds, as in a CHECK constraint.
A column that is not text has beside its typed value the text as sent, in `sent_<name>`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import duckdb
from open_data_contract_standard.model import DataQuality, SchemaProperty

from sources.folder.sql_text import identifier, literal

SQL_TYPES = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
}
_PATTERN_OPTIONS = {
    "pattern": "regexp_full_match({column}, {value})",
    "minimum": "{column} >= {value}",
    "maximum": "{column} <= {value}",
    "minLength": "length({column}) >= {value}",
    "maxLength": "length({column}) <= {value}",
}
_OPTION_SENTENCES = {
    "minimum": "must be at least {value}",
    "maximum": "must be at most {value}",
    "minLength": "must have at least {value} characters",
    "maxLength": "must have at most {value} characters",
}
SCOPES = ("row", "file")
_BOUNDS = {
    "mustBe": lambda count, bound: count == bound,
    "mustBeGreaterThan": lambda count, bound: count > bound,
    "mustBeGreaterOrEqualTo": lambda count, bound: count >= bound,
    "mustBeLessThan": lambda count, bound: count < bound,
    "mustBeLessOrEqualTo": lambda count, bound: count <= bound,
}


class RuleError(Exception):
    """A rule cannot be used; says where it stands, what is wrong and what to do."""

    def __init__(self, key: str, problem: str, remedy: str) -> None:
        super().__init__(f"{key}: {problem}. {remedy}")
        self.key, self.problem, self.remedy = key, problem, remedy


@dataclass(frozen=True)
class RowRule:
    """A rule that a row breaks or keeps."""

    name: str
    column: str | None
    expected: str
    """What was expected, as a sentence for the supplier."""
    predicate: str
    """SQL, false where broken; empty for a rule on repeated values."""
    is_type: bool = False
    is_alone: bool = False
    """Whether a row that breaks this rule is not judged by the others: it is no record at all."""
    unique_columns: tuple[str, ...] = ()
    """Columns whose values together may appear once in a file."""

    @property
    def is_unique(self) -> bool:
        """Return whether the rule compares rows with each other."""
        return bool(self.unique_columns)

    def predicate_for(self, period_start: date, period_end: date, supplier: str | None) -> str:
        """Return the predicate for one delivery."""
        return _for_delivery(self.predicate, period_start, period_end, supplier)


@dataclass(frozen=True)
class FileCondition:
    """A rule that the accepted rows of a file keep or break together; broken, the file is refused."""

    name: str
    expected: str
    predicate: str
    """SQL over aggregates of the accepted rows, false where broken."""

    def predicate_for(self, period_start: date, period_end: date, supplier: str | None) -> str:
        """Return the predicate for one delivery."""
        return _for_delivery(self.predicate, period_start, period_end, supplier)


def _for_delivery(predicate: str, period_start: date, period_end: date, supplier: str | None) -> str:
    return (
        predicate.replace("{period_start}", literal(period_start))
        .replace("{period_end}", literal(period_end))
        .replace("{supplier}", literal(supplier))
    )


@dataclass(frozen=True)
class FileRule:
    """A rule on the number of rows of a file."""

    name: str
    expected: str
    bound_kind: str
    bound: int

    def holds(self, row_count: int) -> bool:
        """Return whether a file of so many rows keeps the rule."""
        return bool(_BOUNDS[self.bound_kind](row_count, self.bound))


def normal_header(header: str) -> str:
    """Return a header as it is compared: case, spacing and a byte order mark make no difference."""
    return "".join(header.replace("\ufeff", "").casefold().split())


def text_column(name: str, logical_type: str) -> str:
    """Return the name of the column that holds the text as sent."""
    return name if logical_type == "string" else f"sent_{name}"


def column_rules(sent: SchemaProperty, written: str | None, total_row_pattern: str | None) -> Iterator[RowRule]:
    """Yield the rules of one column, in the order in which they judge.

    `written` says in words how a date is written. A value that fits `total_row_pattern` marks a row of totals.

    Raises:
        RuleError: an option or a quality metric is not known, or lacks something.
    """
    name, header = str(sent.name), str(sent.physicalName)
    logical_type = str(sent.logicalType)
    options = dict(sent.logicalTypeOptions or {})
    text = text_column(name, logical_type)
    if total_row_pattern:
        yield RowRule(
            f"{name}_is_no_total",
            name,
            f"The row is a total and no record, as its {header} says: it counts what the other rows hold.",
            f"not regexp_full_match({text}, {literal('(?i)' + total_row_pattern)})",
            is_alone=True,
        )
    if sent.required:
        yield RowRule(f"{name}_present", name, f"{header} must not be blank.", f"{text} is not null")
    options.pop("format", None)
    if logical_type != "string":
        kind = {
            "date": f"a date written {written}",
            "integer": "a whole number",
            "number": "a number",
            "boolean": "true or false",
        }[logical_type]
        yield RowRule(
            f"{name}_{logical_type}",
            name,
            f"{header} must be {kind}.",
            f"{text} is null or {name} is not null",
            is_type=True,
        )
    for option, value in options.items():
        yield _option_rule(name, header, option, value, sent.examples)
    for quality in sent.quality or []:
        yield from _metric_rules(name, header, text, quality)


def _option_rule(name: str, header: str, option: str, value: Any, examples: Sequence[Any] | None) -> RowRule:
    where = f"schema.properties.{name}.logicalTypeOptions.{option}"
    if option not in _PATTERN_OPTIONS:
        raise RuleError(where, "is not known here", f"Use one of: format, {', '.join(_PATTERN_OPTIONS)}.")
    expected_type = str if option == "pattern" else (int, float)
    if not isinstance(value, expected_type) or isinstance(value, bool):
        raise RuleError(where, f"is {value!r}", "Give a text for a pattern, a number for a bound.")
    if option == "pattern":
        example = f" must look like {examples[0]}" if examples else " must fit"
        sentence = f"{example} (pattern {value})"
    else:
        sentence = " " + _OPTION_SENTENCES[option].format(value=value)
    predicate = _PATTERN_OPTIONS[option].format(column=name, value=literal(value))
    return RowRule(f"{name}_{option.lower()}", name, f"{header}{sentence}.", predicate)


def _metric_rules(name: str, header: str, text: str, quality: DataQuality) -> Iterator[RowRule]:
    rule_name = quality.name or f"{name}_{quality.metric}"
    where = f"schema.properties.{name}.quality.{rule_name}"
    if quality.type not in {None, "library"} or quality.mustBe != 0:
        raise RuleError(where, "is not a library metric with mustBe: 0", "Write type: library and mustBe: 0.")
    if quality.metric == "nullValues":
        yield RowRule(rule_name, name, quality.description or f"{header} must not be blank.", f"{text} is not null")
    elif quality.metric == "duplicateValues":
        expected = quality.description or f"{header} must not repeat."
        yield RowRule(rule_name, name, expected, "", unique_columns=(name,))
    elif quality.metric == "invalidValues":
        values = (quality.arguments or {}).get("validValues")
        if not isinstance(values, list) or not values:
            raise RuleError(where, "has no arguments.validValues", "List the allowed values.")
        allowed = ", ".join(literal(value) for value in values)
        expected = quality.description or f"{header} must be one of: {', '.join(map(str, values))}."
        yield RowRule(rule_name, name, expected, f"{name} in ({allowed})")
    else:
        known = "invalidValues, nullValues, duplicateValues"
        raise RuleError(where, f"has the metric {quality.metric!r}", f"Use one of: {known}.")


def custom_rule(quality: DataQuality) -> RowRule | FileCondition:
    """Return the rule that a `type: custom`, `engine: csp` quality entry of the schema states as SQL.

    It is about a row, or with the custom property `scope: file` about the accepted rows together.

    Raises:
        RuleError: it lacks a name or the SQL, or its scope is not known.
    """
    where = f"schema.quality.{quality.name}"
    if not quality.name or quality.engine != "csp" or not isinstance(quality.implementation, str):
        raise RuleError(
            where, "is no row rule", "Give name, description, type: custom, engine: csp and the SQL in implementation."
        )
    custom = {sent.property: sent.value for sent in quality.customProperties or []}
    scope = custom.pop("scope", "row")
    if custom or scope not in SCOPES:
        problem = f"has the property {next(iter(custom))!r}" if custom else f"has the scope {scope!r}"
        raise RuleError(f"{where}.customProperties", problem, f"Give scope alone, one of: {', '.join(SCOPES)}.")
    expected, predicate = str(quality.description), quality.implementation.strip()
    if scope == "file":
        return FileCondition(quality.name, expected, predicate)
    return RowRule(quality.name, None, expected, predicate)


def repeated_rule(quality: DataQuality, names: Sequence[str]) -> RowRule:
    """Return the rule that the columns in `arguments.properties` of a schema quality entry identify a row.

    Raises:
        RuleError: it lacks a name, or names no or unknown columns.
    """
    where = f"schema.quality.{quality.name}"
    columns = (quality.arguments or {}).get("properties")
    if not quality.name or quality.mustBe != 0 or not isinstance(columns, list) or not columns:
        raise RuleError(where, "is no rule on repeated rows", "Give name, mustBe: 0 and arguments.properties.")
    unknown = [column for column in columns if column not in names]
    if unknown:
        raise RuleError(f"{where}.arguments.properties", f"names {unknown[0]!r}", "Name columns of the schema.")
    return RowRule(quality.name, None, str(quality.description), "", unique_columns=tuple(columns))


def file_rule(quality: DataQuality) -> FileRule:
    """Return the rule on the row count that a `metric: rowCount` quality entry of the schema states.

    Raises:
        RuleError: it is another metric, or does not give exactly one whole bound.
    """
    where = f"schema.quality.{quality.name}"
    bounds = {kind: getattr(quality, kind) for kind in _BOUNDS if getattr(quality, kind) is not None}
    if not quality.name or quality.metric != "rowCount" or len(bounds) != 1:
        raise RuleError(where, "is no file rule", f"Give name, metric: rowCount and one of: {', '.join(_BOUNDS)}.")
    kind, bound = bounds.popitem()
    if not isinstance(bound, int) or isinstance(bound, bool):
        raise RuleError(f"{where}.{kind}", f"is {bound!r}", "Give a whole number.")
    return FileRule(quality.name, str(quality.description), kind, bound)


def check_rules(rules: Sequence[RowRule], logical_types: Mapping[str, str]) -> None:
    """Check that the names differ and that DuckDB can judge every predicate over the columns.

    Raises:
        RuleError: the first rule that cannot be used.
    """
    columns = [f"NULL::{SQL_TYPES[kind]} AS {identifier(name)}" for name, kind in logical_types.items()] + [
        f"NULL::VARCHAR AS {identifier(text_column(name, kind))}"
        for name, kind in logical_types.items()
        if kind != "string"
    ]
    names = [rule.name for rule in rules]
    repeated = [name for name in names if names.count(name) > 1]
    if repeated:
        raise RuleError(f"rule {repeated[0]}", "appears twice", "Rename one.")
    judging = [rule for rule in rules if not rule.is_unique]
    nothing = f"(SELECT {', '.join(columns)})"
    # A pattern is compiled when it meets a value, so show it one.
    texts = f"(SELECT * REPLACE ({', '.join(_blank_texts(logical_types))}) FROM {nothing})"
    with _judge().cursor() as connection:
        try:
            kinds = _kinds_of_verdicts(connection, judging, nothing)
            _kinds_of_verdicts(connection, [rule for rule in judging if rule.column], texts)
            if kinds <= {"BOOLEAN"}:
                return
        except duckdb.Error:
            pass
        # One of them is wrong: find out which.
        for rule in judging:
            where = f"rule {rule.name}"
            try:
                kinds = _kinds_of_verdicts(connection, [rule], nothing)
                if rule.column:
                    _kinds_of_verdicts(connection, [rule], texts)
            except duckdb.Error as error:
                problem = str(error).splitlines()[0]
                raise RuleError(where, f"DuckDB cannot judge it ({problem})", "Correct its SQL or pattern.") from error
            if kinds != {"BOOLEAN"}:
                raise RuleError(where, f"gives {kinds.pop()}, not true or false", "Write a condition.")


def check_conditions(conditions: Sequence[FileCondition], logical_types: Mapping[str, str]) -> None:
    """Check that the names differ and that DuckDB can judge every condition over the accepted rows of a file.

    Raises:
        RuleError: the first condition that cannot be used.
    """
    columns = [f"NULL::{SQL_TYPES[kind]} AS {identifier(name)}" for name, kind in logical_types.items()]
    rows = f"(SELECT {', '.join(columns)} FROM range(2))"
    names = [condition.name for condition in conditions]
    for condition in conditions:
        where = f"rule {condition.name}"
        if names.count(condition.name) > 1:
            raise RuleError(where, "appears twice", "Rename one.")
        predicate = condition.predicate_for(date(2000, 1, 1), date(2000, 1, 31), "supplier")
        try:
            with _judge().cursor() as connection:
                verdict = connection.execute(f"SELECT ({predicate}) FROM {rows}")
                kind = str((verdict.description or [])[0][1])
                verdicts = len(verdict.fetchall())
        except duckdb.Error as error:
            problem = str(error).splitlines()[0]
            remedy = "Write SQL over aggregates of the columns."
            raise RuleError(where, f"DuckDB cannot judge it ({problem})", remedy) from error
        if kind != "BOOLEAN":
            raise RuleError(where, f"gives {kind}, not true or false", "Write a condition.")
        if verdicts != 1:
            raise RuleError(where, "judges each row and not the file", "Use aggregates, or leave out scope: file.")


@cache
def _judge() -> duckdb.DuckDBPyConnection:
    """Return an empty database; opening one costs more than judging the rules of a contract."""
    return duckdb.connect()


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
