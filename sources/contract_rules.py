"""Rules of a contract as SQL: each judges one row over the canonical, typed columns, or the file as a whole.

A row rule is broken where its predicate is false; where it is NULL (a blank value) it holds, as in a CHECK constraint.
A column that is not text has beside its typed value the text as sent, in `sent_<name>`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
from open_data_contract_standard.model import DataQuality, SchemaProperty

from sources.sql_text import identifier, literal

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
    is_unique: bool = False

    def predicate_for(self, period_start: date, period_end: date, supplier: str | None) -> str:
        """Return the predicate for one delivery."""
        return (
            self.predicate.replace("{period_start}", literal(period_start))
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


def column_rules(sent: SchemaProperty) -> Iterator[RowRule]:
    """Yield the rules of one column, in the order in which they judge.

    Raises:
        RuleError: an option or a quality metric is not known, or lacks something.
    """
    name, header = str(sent.name), str(sent.physicalName)
    logical_type = str(sent.logicalType)
    options = dict(sent.logicalTypeOptions or {})
    text = text_column(name, logical_type)
    if sent.required:
        yield RowRule(f"{name}_present", name, f"{header} must not be blank.", f"{text} is not null")
    written = options.pop("format", None)
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
        yield RowRule(rule_name, name, expected, "", is_unique=True)
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


def row_rule(quality: DataQuality) -> RowRule:
    """Return the row rule that a `type: custom`, `engine: csp` quality entry of the schema states as SQL.

    Raises:
        RuleError: it lacks a name, a description or the SQL.
    """
    where = f"schema.quality.{quality.name}"
    if not quality.name or quality.engine != "csp" or not isinstance(quality.implementation, str):
        raise RuleError(
            where, "is no row rule", "Give name, description, type: custom, engine: csp and the SQL in implementation."
        )
    return RowRule(quality.name, None, str(quality.description), quality.implementation.strip())


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
    with duckdb.connect() as connection:
        for rule in rules:
            where = f"rule {rule.name}"
            if names.count(rule.name) > 1:
                raise RuleError(where, "appears twice", "Rename one.")
            if rule.is_unique:
                continue
            predicate = rule.predicate_for(date(2000, 1, 1), date(2000, 1, 31), "supplier")
            try:
                described = connection.execute(
                    f"DESCRIBE SELECT ({predicate}) AS verdict FROM (SELECT {', '.join(columns)})"
                ).fetchall()
                connection.execute(f"SELECT ({predicate}) FROM (SELECT {', '.join(columns)})").fetchall()
                # A pattern is compiled when it meets a value, so show it one.
                if rule.predicate.startswith("regexp_full_match("):
                    connection.execute(
                        f"SELECT ({predicate}) FROM (SELECT '' AS {identifier(str(rule.column))})"
                    ).fetchall()
            except duckdb.Error as error:
                problem = str(error).splitlines()[0]
                raise RuleError(where, f"DuckDB cannot judge it ({problem})", "Correct its SQL or pattern.") from error
            if described[0][1] != "BOOLEAN":
                raise RuleError(where, f"gives {described[0][1]}, not true or false", "Write a condition.")
