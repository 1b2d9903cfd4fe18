"""Figures, dates and flags as a page says them. A missing figure is never 0 and never blank."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sources.contract.months import months_between, spells_of

_SPELL = r"\b\d{4}-\d{2}\b(?!-)(?: to \d{4}-\d{2}\b(?!-))?"
_MONTHS = re.compile(rf"{_SPELL}(?:, {_SPELL})+")

NO_FIGURE = "no figure"
HIDDEN = "hidden"

RAG_WORDS = {
    "green": ("●", "Green: on course"),
    "amber": ("▲", "Amber: near its course"),
    "red": ("◆", "Red: off course"),
    "grey": ("○", "No colour"),
}
"""A shape and words for every colour: nobody has to tell colours apart."""

OUTCOME_WORDS = {
    "met": ("●", "Met", "green"),
    "not_met": ("◆", "Not met", "red"),
    "in_progress": ("■", "In progress", "blue"),
    "not_comparable": ("○", "Not comparable", "grey"),
    "contested": ("○", "Contested", "grey"),
    "no_target": ("○", "No target set", "grey"),
    "not_measurable": ("○", "Not measurable", "grey"),
}
"""A shape, words and a colour for every verdict."""


def number(value: float | None, decimals: int | None = 0) -> str:
    """Return a figure with thousands separators and a true minus; `no figure` for None."""
    if value is None:
        return NO_FIGURE
    text = f"{value:,.{decimals or 0}f}"
    return text.replace("-", "−") if text.strip("-0.,") else text.lstrip("-")


def signed(value: float | None, decimals: int | None = 0) -> str:
    """Return a change with its sign; `no figure` for None."""
    text = number(value, decimals)
    return f"+{text}" if value is not None and value > 0 and text.strip("0.,") else text


def figure(row: Mapping[str, Any], column: str = "value", decimals: int | None = None) -> str:
    """Return a figure of a row, or why there is none: it is hidden, or there is no figure."""
    if row[column] is None and row.get("is_suppressed"):
        return HIDDEN
    return number(row[column], row.get("decimals") if decimals is None else decimals)


def day(value: date | datetime | None) -> str:
    """Return a date as `31 March 2009`; empty for None."""
    return f"{value.day} {value:%B %Y}" if value else ""


def month(value: date) -> str:
    """Return a month as `Mar 2009`."""
    return f"{value:%b %Y}"


def in_spells(text: str | None) -> str:
    """Return a text that lists months (`2022-04, 2022-05, 2022-07`) with spells (`2022-04 to 2022-05, 2022-07`)."""
    return _MONTHS.sub(_spells, text or "")


def _spells(listed: re.Match[str]) -> str:
    months: set[date] = set()
    for spell in listed[0].split(", "):
        first, _, last = spell.partition(" to ")
        months.update(months_between(_month(first), _month(last or first)))
    return ", ".join(spells_of(months))


def _month(label: str) -> date:
    return date.fromisoformat(f"{label}-01")


def plain(code: str | None) -> str:
    """Return a code of the tables (`partly_accepted`) as words, the first with a capital."""
    return (code or "").replace("_", " ").capitalize()


def count_of(number_of_things: int, thing: str, things: str | None = None) -> str:
    """Return `1 target` or `3 targets`."""
    return f"{number_of_things:,} {thing if number_of_things == 1 else things or thing + 's'}"


def unshouted(title: str) -> str:
    """Return a title of a plan that prints it in capitals without them, and without a full stop."""
    return (title.capitalize() if title.isupper() else title).rstrip(".")
