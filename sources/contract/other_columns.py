"""Columns beside those of the schema: which are left out by agreement, and which must not be sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from sources.contract import values
from sources.contract.errors import Mistake
from sources.contract.header_names import plain_header
from sources.contract.model import Column
from sources.contract.personal_list import personal_list


def ignored_columns(custom: Mapping[str, Any], is_open: bool) -> tuple[str, ...]:
    """Return the headers that are left out without a word, from the custom properties of a document."""
    if "ignoredColumns" not in custom:
        return ()
    names = values.texts(custom["ignoredColumns"], "ignoredColumns")
    for name in names:
        kind = personal_list().kind_to_agree(name, is_open)
        if kind:
            remedy = "Agree that it is not sent, or agree it as a column of the schema."
            raise Mistake("ignoredColumns", f"names {name!r}, which holds {kind}", remedy)
    return names


def forbidden_columns(custom: Mapping[str, Any], columns: Sequence[Column]) -> tuple[tuple[str, str], ...]:
    """Return (header, what it holds) of personal data that must not be sent, from a document's custom properties."""
    sent = custom.get("forbiddenColumns", [])
    if not isinstance(sent, list) or not all(
        isinstance(one, dict) and one.keys() == {"name", "reason"} for one in sent
    ):
        raise Mistake("forbiddenColumns", "is no list of name and reason", "Give each a name and a reason.")
    forbidden = tuple(
        (values.text(one["name"], "forbiddenColumns.name"), values.text(one["reason"], "forbiddenColumns.reason"))
        for one in sent
    )
    agreed = {plain_header(header) for column in columns for header in column.headers}
    for name, _ in forbidden:
        if plain_header(name) in agreed:
            raise Mistake("forbiddenColumns", f"names {name!r}, a column of the schema", "Keep one of them.")
    return forbidden
