"""Entries of a schema that stand for several: columns, or rules, that repeat by a pattern.

The custom property `repeats` of an entry lists values by name; the entry stands once for each, with `{name}` replaced
by the value in all its texts.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sources.contract.errors import Mistake

REPEATS = "repeats"
_REMEDY = "Give a list of mappings with the same keys, or one range, such as {age: {from: 0, to: 89}}."


def written_out(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document with what repeats in its schema written out.

    Raises:
        Mistake: the values of an entry are no list, and no range.
    """
    schema = [
        {
            key: _entries(value, f"schema.{key}") if key in {"properties", "quality"} and value else value
            for key, value in part.items()
        }
        for part in document.get("schema") or []
    ]
    return {**document, "schema": schema}


def _entries(entries: Sequence[Mapping[str, Any]], key: str) -> list[Mapping[str, Any]]:
    written = []
    for entry in entries:
        custom = entry.get("customProperties") or []
        repeats = [one["value"] for one in custom if one["property"] == REPEATS]
        if not repeats:
            written.append(entry)
            continue
        pattern = {**entry, "customProperties": [one for one in custom if one["property"] != REPEATS]}
        written += [_replaced(pattern, line) for line in _lines(repeats[0], f"{key}.{entry.get('name')}.{REPEATS}")]
    return written


def _lines(value: object, key: str) -> list[dict[str, Any]]:
    if isinstance(value, dict) and len(value) == 1:
        ((name, bounds),) = value.items()
        if (
            isinstance(bounds, dict)
            and bounds.keys() == {"from", "to"}
            and {type(one) for one in bounds.values()} == {int}
        ):
            return [{name: number} for number in range(bounds["from"], bounds["to"] + 1)]
    if not isinstance(value, list) or not value or not all(isinstance(line, dict) for line in value):
        raise Mistake(key, f"is {value!r}", _REMEDY)
    if any(line.keys() != value[0].keys() for line in value):
        raise Mistake(key, "has lines with other keys", _REMEDY)
    return value


def _replaced(pattern: Any, line: Mapping[str, Any]) -> Any:
    if isinstance(pattern, dict):
        return {key: _replaced(value, line) for key, value in pattern.items()}
    if isinstance(pattern, list):
        return [_replaced(value, line) for value in pattern]
    if isinstance(pattern, str):
        for name, value in line.items():
            pattern = pattern.replace(f"{{{name}}}", str(value))
    return pattern
