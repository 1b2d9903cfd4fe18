"""The rules of a document: those of its columns, and those that its schema states over rows or the whole file."""

from collections.abc import Sequence

from open_data_contract_standard.model import DataQuality, SchemaObject

from sources.contract import values
from sources.contract.column_rules import column_rules, preference
from sources.contract.errors import Mistake
from sources.contract.rule_check import check_conditions, check_rules
from sources.contract.rules import BOUNDS, FileCondition, FileRule, RowRule

_SCOPES = ("row", "file")


def rules_of(schema: SchemaObject) -> tuple[tuple[RowRule, ...], tuple[FileRule, ...], tuple[FileCondition, ...]]:
    """Return the rules on rows, on the number of rows, and on the accepted rows together.

    Raises:
        Mistake: the first rule that cannot be used.
    """
    properties = schema.properties or []
    types = {str(sent.name): str(sent.logicalType) for sent in properties}
    row_rules = [rule for sent in properties for rule in column_rules(sent)]
    file_rules: list[FileRule] = []
    file_conditions: list[FileCondition] = []
    for quality in schema.quality or []:
        values.text(quality.description, f"schema.quality.{quality.name}.description")
        if quality.type == "custom":
            rule = _custom_rule(quality)
            if isinstance(rule, FileCondition):
                file_conditions.append(rule)
            else:
                row_rules.append(rule)
        elif quality.metric == "duplicateValues":
            row_rules.append(_repeated_rule(quality, list(types)))
        else:
            file_rules.append(_file_rule(quality))
    check_rules(row_rules, types)
    check_conditions(file_conditions, types)
    return tuple(row_rules), tuple(file_rules), tuple(file_conditions)


def _custom_rule(quality: DataQuality) -> RowRule | FileCondition:
    """Return the rule that a `type: custom`, `engine: csp` quality entry of the schema states as SQL.

    It is about a row, or with the custom property `scope: file` about the accepted rows together.
    """
    where = f"schema.quality.{quality.name}"
    if not quality.name or quality.engine != "csp" or not isinstance(quality.implementation, str):
        raise Mistake(
            where, "is no row rule", "Give name, description, type: custom, engine: csp and the SQL in implementation."
        )
    custom = {sent.property: sent.value for sent in quality.customProperties or []}
    scope = custom.pop("scope", "row")
    if custom or scope not in _SCOPES:
        problem = f"has the property {next(iter(custom))!r}" if custom else f"has the scope {scope!r}"
        raise Mistake(f"{where}.customProperties", problem, f"Give scope alone, one of: {', '.join(_SCOPES)}.")
    expected, predicate = str(quality.description), quality.implementation.strip()
    if scope == "file":
        return FileCondition(quality.name, expected, predicate)
    return RowRule(quality.name, None, expected, predicate)


def _repeated_rule(quality: DataQuality, names: Sequence[str]) -> RowRule:
    """Return the rule that the columns in `arguments.properties` of a schema quality entry identify a row."""
    where = f"schema.quality.{quality.name}"
    columns = (quality.arguments or {}).get("properties")
    if not quality.name or quality.mustBe != 0 or not isinstance(columns, list) or not columns:
        raise Mistake(where, "is no rule on repeated rows", "Give name, mustBe: 0 and arguments.properties.")
    unknown = [column for column in columns if column not in names]
    if unknown:
        raise Mistake(f"{where}.arguments.properties", f"names {unknown[0]!r}", "Name columns of the schema.")
    return RowRule(
        quality.name,
        None,
        str(quality.description),
        "",
        unique_columns=tuple(columns),
        preference=preference(quality, where),
    )


def _file_rule(quality: DataQuality) -> FileRule:
    """Return the rule on the row count that a `metric: rowCount` quality entry of the schema states."""
    where = f"schema.quality.{quality.name}"
    bounds = {kind: getattr(quality, kind) for kind in BOUNDS if getattr(quality, kind) is not None}
    if not quality.name or quality.metric != "rowCount" or len(bounds) != 1:
        raise Mistake(where, "is no file rule", f"Give name, metric: rowCount and one of: {', '.join(BOUNDS)}.")
    kind, bound = bounds.popitem()
    if not isinstance(bound, int) or isinstance(bound, bool):
        raise Mistake(f"{where}.{kind}", f"is {bound!r}", "Give a whole number.")
    return FileRule(quality.name, str(quality.description), kind, bound)
