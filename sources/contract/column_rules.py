"""The rules that the columns of a document state: blank or not, type, options of the type, quality metrics."""

from collections.abc import Iterator, Sequence
from typing import Any

from open_data_contract_standard.model import DataQuality, SchemaProperty

from sources.contract import values
from sources.contract.columns import column_custom, date_forms
from sources.contract.date_formats import EXCEL_SERIAL
from sources.contract.errors import Mistake
from sources.contract.rules import KINDS, RowRule, text_column
from sources.folder.sql_text import literal

_OPTION_SQL = {
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


def column_rules(sent: SchemaProperty) -> Iterator[RowRule]:
    """Yield the rules of one column, in the order in which they judge.

    Raises:
        Mistake: an option or a quality metric is not known, or lacks something.
    """
    name, header = str(sent.name), str(sent.physicalName)
    logical_type = str(sent.logicalType)
    options = dict(sent.logicalTypeOptions or {})
    text = text_column(name, logical_type)
    custom = column_custom(sent)
    if "totalRowPattern" in custom:
        total = values.text(custom["totalRowPattern"], f"schema.properties.{name}.totalRowPattern")
        yield RowRule(
            f"{name}_is_no_total",
            name,
            f"The row is a total and no record, as its {header} says: it counts what the other rows hold.",
            f"not regexp_full_match({text}, {literal('(?i)' + total)})",
            is_alone=True,
        )
    if sent.required:
        yield RowRule(f"{name}_present", name, f"{header} must not be blank.", f"{text} is not null")
    options.pop("format", None)
    if logical_type != "string":
        written = f" written {_written(date_forms(sent, custom))}" if logical_type == "date" else ""
        yield RowRule(
            f"{name}_{logical_type}",
            name,
            f"{header} must be {KINDS[logical_type]}{written}.",
            f"{text} is null or {name} is not null",
            is_type=True,
        )
    for option, value in options.items():
        yield _option_rule(name, header, option, value, sent.examples)
    for quality in sent.quality or []:
        yield from _metric_rules(name, header, text, quality)


def valid_values(properties: Sequence[SchemaProperty]) -> dict[str, list[str]]:
    """Return the values, as text, that each column with a list of them may have."""
    return {
        str(sent.name): [str(value) for value in (quality.arguments or {}).get("validValues", [])]
        for sent in properties
        for quality in sent.quality or []
        if quality.metric == "invalidValues"
    }


def _written(forms: Sequence[str]) -> str:
    """Return in words how a date is written."""
    *others, last = ["as a spreadsheet's serial number" if form == EXCEL_SERIAL else form for form in forms]
    return f"{', '.join(others)} or {last}" if others else last


def _option_rule(name: str, header: str, option: str, value: Any, examples: Sequence[Any] | None) -> RowRule:
    where = f"schema.properties.{name}.logicalTypeOptions.{option}"
    if option not in _OPTION_SQL:
        raise Mistake(where, "is not known here", f"Use one of: format, {', '.join(_OPTION_SQL)}.")
    expected_type = str if option == "pattern" else (int, float)
    if not isinstance(value, expected_type) or isinstance(value, bool):
        raise Mistake(where, f"is {value!r}", "Give a text for a pattern, a number for a bound.")
    if option == "pattern":
        example = f" must look like {examples[0]}" if examples else " must fit"
        sentence = f"{example} (pattern {value})"
    else:
        sentence = " " + _OPTION_SENTENCES[option].format(value=value)
    predicate = _OPTION_SQL[option].format(column=name, value=literal(value))
    return RowRule(f"{name}_{option.lower()}", name, f"{header}{sentence}.", predicate)


def preference(quality: DataQuality, where: str) -> tuple[str, ...]:
    """Return the SQL by which a rule on repeated values chooses the row that stays; none where the first does."""
    custom = values.custom(quality.customProperties, f"{where}.customProperties")
    values.all_known(custom, {"preference"}, f"{where}.customProperties")
    if "preference" not in custom:
        return ()
    return values.texts(custom["preference"], f"{where}.preference")


def _metric_rules(name: str, header: str, text: str, quality: DataQuality) -> Iterator[RowRule]:
    rule_name = quality.name or f"{name}_{quality.metric}"
    where = f"schema.properties.{name}.quality.{rule_name}"
    if quality.type not in {None, "library"} or quality.mustBe != 0:
        raise Mistake(where, "is not a library metric with mustBe: 0", "Write type: library and mustBe: 0.")
    if quality.metric == "nullValues":
        yield RowRule(rule_name, name, quality.description or f"{header} must not be blank.", f"{text} is not null")
    elif quality.metric == "duplicateValues":
        expected = quality.description or f"{header} must not repeat."
        yield RowRule(rule_name, name, expected, "", unique_columns=(name,), preference=preference(quality, where))
    elif quality.metric == "invalidValues":
        valid = (quality.arguments or {}).get("validValues")
        if not isinstance(valid, list) or not valid:
            raise Mistake(where, "has no arguments.validValues", "List the allowed values.")
        allowed = ", ".join(literal(value) for value in valid)
        expected = quality.description or f"{header} must be one of: {', '.join(map(str, valid))}."
        yield RowRule(rule_name, name, expected, f"{name} in ({allowed})")
    else:
        known = "invalidValues, nullValues, duplicateValues"
        raise Mistake(where, f"has the metric {quality.metric!r}", f"Use one of: {known}.")
