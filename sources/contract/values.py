"""Checks of single values in a document; each returns the value, or raises a `Mistake` that names its key."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from sources.contract.date_formats import strptime_format
from sources.contract.errors import Mistake

if TYPE_CHECKING:
    from open_data_contract_standard.model import CustomProperty

T = TypeVar("T")


def one(values: Sequence[T] | None, key: str) -> T:
    """Return the only entry of a list."""
    if not values or len(values) != 1:
        raise Mistake(key, f"has {len(values or [])} entries", "Give exactly one.")
    return values[0]


def text(value: object, key: str) -> str:
    """Return a text that is not blank, without blanks around it."""
    if not isinstance(value, str) or not value.strip():
        raise Mistake(key, "is missing or not text", "Give a text.")
    return value.strip()


def texts(value: object, key: str) -> tuple[str, ...]:
    """Return a list of texts that are not blank."""
    if not isinstance(value, list) or not value or not all(isinstance(one, str) and one.strip() for one in value):
        raise Mistake(key, f"is {value!r}", "Give a list of texts.")
    return tuple(one.strip() for one in value)


def among(value: object, allowed: Sequence[str], key: str) -> str:
    """Return a value that is one of those allowed."""
    if value not in allowed:
        raise Mistake(key, f"is {value!r}", f"Write one of: {', '.join(allowed)}.")
    return str(value)


def count(value: object, key: str, minimum: int = 0) -> int:
    """Return a whole number."""
    if not isinstance(value, int) or isinstance(value, bool) or value < minimum:
        raise Mistake(key, f"is {value!r}", f"Give a whole number of at least {minimum}.")
    return value


def share(value: object, key: str) -> float:
    """Return a number between 0 and 1."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise Mistake(key, f"is {value!r}", "Give a number between 0 and 1.")
    return float(value)


def factor(value: object, key: str) -> float:
    """Return a number of at least 1."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 1:
        raise Mistake(key, f"is {value!r}", "Give a number of at least 1.")
    return float(value)


def flag(value: object, key: str) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise Mistake(key, f"is {value!r}", "Write true or false.")
    return value


def pattern(value: object, key: str) -> re.Pattern[str]:
    """Return a regular expression that makes no difference between upper and lower case."""
    try:
        return re.compile(text(value, key), re.IGNORECASE)
    except re.error as error:
        raise Mistake(key, f"is no regular expression ({error})", "Correct it.") from error


def date_format(value: object, key: str) -> str:
    """Return the strptime format of a date format."""
    try:
        return strptime_format(text(value, key))
    except ValueError as error:
        raise Mistake(key, str(error), "Write it as in yyyy-MM-dd.") from error


def iso_date(value: object, key: str) -> str:
    """Return a date as ISO text."""
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise Mistake(key, f"is {value!r}", 'Give a date in quotes, such as "2010-12-01".') from error


def custom(properties: Sequence["CustomProperty"] | None, key: str) -> Mapping[str, Any]:
    """Return custom properties by their names."""
    named = {text(sent.property, key): sent.value for sent in properties or []}
    if len(named) != len(properties or []):
        raise Mistake(key, "a property appears twice", "Keep one of them.")
    return named


def all_known(given: Mapping[str, Any], known: set[str], key: str) -> None:
    """Check that no property is misspelt, which would be passed over."""
    unknown = sorted(set(given) - known)
    if unknown:
        raise Mistake(f"{key}.{unknown[0]}", "is not known here", f"Use one of: {', '.join(sorted(known))}.")
