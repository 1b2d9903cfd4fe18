"""How the rows of a partnership's own feed count: which columns say when, what, how many and where.

The models know shipped feeds one by one, in a staging model each. An own feed says the same in its contract, and one
model shapes the rows of all own feeds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sources.contract import values
from sources.contract.errors import Mistake
from sources.folder.reference import seed_rows

if TYPE_CHECKING:
    from sources.contract.model import Column

NAME = "countedAs"
EVERY_ROW = "every row"
"""The category of all rows where no column tells one."""
COUNTED_BY = ("month", "period", "wave")
_KEYS = {"by", "date", "category", "categories", "tags", "countsFor", "record", "place", "areaLevels"}
PLACES = ("lsoa", "ward", "beat", "locality", "district", "partnership")
# An area level whose figures only a column tells; a district, county or larger area may be the supplier's own.
_TOLD_BY = {"lsoa": ("lsoa",), "ward": ("lsoa", "ward"), "beat": ("beat",), "csp": ("partnership",)}


@dataclass(frozen=True)
class CountedAs:
    """Names of columns, and what is said of the feed as a whole."""

    by: str
    date: str | None
    """Date column, whose month a row counts in; None: every row is of the whole delivered period."""
    category: str | None
    categories: tuple[str, ...]
    """What the category may be; empty where that is left open."""
    tags: tuple[str, ...]
    counts_for: str | None
    """Number column: how many a row counts for; None: one."""
    record: str | None
    place: Mapping[str, str]
    """Column by kind of place, one of PLACES."""
    area_levels: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Return every column named."""
        named = (self.date, self.category, *self.tags, self.counts_for, self.record, *self.place.values())
        return tuple(name for name in named if name)


def counted_as(
    custom: Mapping[str, Any], columns: "Sequence[Column]", code_lists: Mapping[str, Sequence[str]], months: int
) -> CountedAs | None:
    """Return what a document says; None where it says nothing, as those of shipped feeds do.

    Raises:
        Mistake: it names no such column, one of another type, or what cannot be counted.
    """
    if NAME not in custom:
        return None
    sent = custom[NAME]
    if not isinstance(sent, dict):
        raise Mistake(NAME, f"is {sent!r}", f"Give a mapping with the keys {', '.join(sorted(_KEYS))}.")
    values.all_known(sent, _KEYS, NAME)
    by = values.among(sent.get("by"), COUNTED_BY, f"{NAME}.by")
    date = _column(sent, "date", columns, ("date",))
    if by == "month" and date is None and months > 1:
        raise Mistake(
            f"{NAME}.date",
            f"is missing, and a delivery is of {months} months",
            "Name the date column, or write by: period.",
        )
    category = _column(sent, "category", columns, ("string", "integer", "boolean"), is_needed=True)
    return CountedAs(
        by=by,
        date=date,
        category=category,
        categories=_categories(sent, category, code_lists),
        tags=_tags(sent, columns),
        counts_for=_column(sent, "countsFor", columns, ("integer", "number"), is_needed=True),
        record=_column(sent, "record", columns, ("string", "integer")),
        place=(place := _place(sent, columns)),
        area_levels=_area_levels(sent, place),
    )


def _column(
    sent: Mapping[str, Any], key: str, columns: "Sequence[Column]", types: Sequence[str], *, is_needed: bool = False
) -> str | None:
    """Return the column that a key names, of one of these types; one `is_needed` may not be blank in any row."""
    if key not in sent:
        return None
    return _named(sent[key], f"{NAME}.{key}", columns, types, is_needed)


def _named(value: object, where: str, columns: "Sequence[Column]", types: Sequence[str], is_needed: bool) -> str:
    by_name = {column.name: column for column in columns}
    if value not in by_name:
        raise Mistake(where, f"is {value!r}", f"Name a column of the schema: {', '.join(by_name)}.")
    column = by_name[str(value)]
    if column.logical_type not in types:
        problem = f"is {column.name}, whose logicalType is {column.logical_type}"
        raise Mistake(where, problem, f"Name a column of type {' or '.join(types)}.")
    if is_needed and not column.required:
        raise Mistake(where, f"is {column.name}, which may be blank", "Give the column required: true.")
    if column.is_personal and not column.hash_namespace:
        raise Mistake(where, f"is {column.name}, which is personal", "Name another, or give that one keyedHash: true.")
    return column.name


def _categories(
    sent: Mapping[str, Any], category: str | None, code_lists: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    where = f"{NAME}.categories"
    if category is None:
        if "categories" in sent:
            raise Mistake(where, "is given without a category", "Name the column in category, or take it out.")
        return (EVERY_ROW,)
    listed = tuple(code_lists.get(category, ()))
    if "categories" not in sent:
        return listed
    if listed:
        raise Mistake(where, f"is given, and {category} has a list of valid values too", "Keep that list alone.")
    return values.texts(sent["categories"], where)


def _tags(sent: Mapping[str, Any], columns: "Sequence[Column]") -> tuple[str, ...]:
    if "tags" not in sent:
        return ()
    where = f"{NAME}.tags"
    return tuple(
        _named(name, where, columns, ("string", "integer", "boolean"), is_needed=False)
        for name in values.texts(sent["tags"], where)
    )


def _place(sent: Mapping[str, Any], columns: "Sequence[Column]") -> dict[str, str]:
    place, where = sent.get("place", {}), f"{NAME}.place"
    if not isinstance(place, dict):
        raise Mistake(where, f"is {place!r}", f"Give a mapping of any of {', '.join(PLACES)} to a column.")
    values.all_known(place, set(PLACES), where)
    if {"district", "partnership"} <= place.keys():
        raise Mistake(where, "names a district and a partnership", "Keep one of them.")
    return {
        kind: _named(name, f"{where}.{kind}", columns, ("string",), is_needed=False) for kind, name in place.items()
    }


def _area_levels(sent: Mapping[str, Any], place: Mapping[str, str]) -> tuple[str, ...]:
    where = f"{NAME}.areaLevels"
    levels = values.texts(sent.get("areaLevels"), where)
    known = known_area_levels()
    for level in levels:
        values.among(level, known, where)
        told_by = _TOLD_BY.get(level)
        if told_by and not set(told_by) & place.keys():
            raise Mistake(where, f"has {level}, and no column tells it", f"Name one in place: {' or '.join(told_by)}.")
    return tuple(dict.fromkeys(levels))


def known_area_levels() -> tuple[str, ...]:
    """Return the levels of area for which a feed can count."""
    return tuple(dict.fromkeys(row["area_level"] for row in _shipped_levels()))


def area_levels_of_shipped(feed: str) -> tuple[str, ...]:
    """Return the levels of area for which a shipped feed counts."""
    return tuple(row["area_level"] for row in _shipped_levels() if row["source_feed"] == feed)


def _shipped_levels() -> Sequence[Mapping[str, str]]:
    return seed_rows("deliveries", "shipped_feed_area_levels")
