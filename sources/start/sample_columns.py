"""What the columns of a sample seem to hold, judged by the SQL with which intake would read them."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import duckdb

from sources.contract.columns import NOT_TO_USE
from sources.contract.date_formats import EXCEL_SERIAL, ambiguous, in_order_of_trial, strptime_format
from sources.contract.header_names import header_words
from sources.contract.model import Column
from sources.contract.personal_list import personal_list
from sources.contract.rules import text_column
from sources.folder.sql_text import identifier, literal
from sources.personal.values import kind_in_text, kind_of_column
from sources.reading.value_sql import typed_sql
from sources.start.sample import ROWS, Sample

# In the order in which one is proposed where several fit.
_DATE_FORMS = ("yyyy-MM-dd", "dd/MM/yyyy", "dd/MM/yy", "dd-MMM-yyyy", "dd MMM yyyy", "dd MMMM yyyy", "dd.MM.yyyy")
_OTHER_DATE_FORMS = (
    "dd-MM-yyyy",
    "MM/dd/yyyy",
    "MM/dd/yy",
    "dd/MM/yyyy HH:mm",
    "dd/MM/yyyy HH:mm:ss",
    "yyyy-MM-dd HH:mm:ss",
)
_MONTH_FORMS = ("yyyy-MM", "MMM yyyy", "MMMM yyyy", "MM/yyyy")
_FORMS = (*_DATE_FORMS, *_OTHER_DATE_FORMS, *_MONTH_FORMS)
MISSING_MARKS = ("-", "--", ".", "..", "*", "[x]", "[c]", "[z]", "n/a", "N/A", "NA", "NULL", "null", "#N/A")
_FLAGS = {"y", "n", "yes", "no", "true", "false"}
_MOST_CODES, _LONGEST_CODE, _ROWS_A_CODE = 40, 60, 3
_LOOKED_AT = 2000
_FEWEST_VALUES, _VALUES_A_MISFIT = 10, 20  # one in so many may be no date, of so many different values or more
PLACES = {
    "lsoa": r"[EW]01\d{6}",
    "ward": r"[EW]05\d{6}",
    "district": r"[EW]0[6-9]\d{6}",
}
_KEY_WORDS = {"id", "no", "number", "num", "ref", "reference", "urn", "key"}


@dataclass(frozen=True)
class SampleColumn:
    """A column of the sample: what is proposed for it."""

    name: str
    header: str
    logical_type: str
    blank: int
    distinct: int
    first_value: str | None
    date_forms: tuple[str, ...] = ()
    other_forms: tuple[str, ...] = ()
    """Date forms that read the sample as well, and differently: a person must say which it is."""
    misfits: int = 0
    """Different values that are no date, where nearly all are: intake would reject their rows."""
    thousands_separator: str | None = None
    codes: tuple[str, ...] = ()
    """All its values, where they are few."""
    place: str | None = None
    """Kind of place whose codes all its values look like."""
    personal: str | None = None
    """What it holds that is personal, as header or values tell."""
    first_day: date | None = None
    last_day: date | None = None

    @property
    def is_key_like(self) -> bool:
        """Return whether its header and type say that it names a record."""
        return self.logical_type in ("string", "integer") and bool(_KEY_WORDS & set(header_words(self.header)))

    @property
    def days_spanned(self) -> int | None:
        """Return the days between its first and last; None of a column that is no date."""
        return (self.last_day - self.first_day).days if self.first_day and self.last_day else None

    @property
    def description(self) -> str:
        """Return its header as a sentence, until somebody writes a better one."""
        return f"{self.header.strip(' .?!:')}."

    @property
    def place_pattern(self) -> str:
        """Return the pattern of its codes."""
        return PLACES[self.place] if self.place else ""

    @property
    def example(self) -> str | None:
        """Return a value to show; None of a free text, which may say anything, and of a personal column."""
        is_shown = self.logical_type != "string" or self.place or self.codes
        return self.first_value if is_shown and not self.personal else None

    @property
    def properties(self) -> dict[str, Any]:
        """Return its custom properties in the contract."""
        said = {
            "keyedHash": self.personal is not None and self.logical_type == "string",
            "dateForms": list(self.date_forms) if len(self.date_forms) > 1 else None,
            "thousandsSeparator": self.thousands_separator,
        }
        return {name: value for name, value in said.items() if value}


def sample_columns(database: duckdb.DuckDBPyConnection, sample: Sample) -> tuple[list[SampleColumn], list[str]]:
    """Return the columns of a sample, and the marks that stand in it for a missing value."""
    marks = [mark for mark in MISSING_MARKS if _stands_for_a_value(database, sample, mark)]
    for place in range(len(sample.headers)):
        among = ", ".join(map(literal, marks))
        if marks:
            database.execute(f"UPDATE {ROWS} SET c{place} = NULL WHERE c{place} IN ({among})")
    words = database.execute(
        "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category <> 'unreserved'"
    ).fetchall()
    names = list(_names(sample.headers, {*NOT_TO_USE, *(row[0] for row in words)}))
    return [_column(database, place, names[place], header) for place, header in enumerate(sample.headers)], marks


def _stands_for_a_value(database: duckdb.DuckDBPyConnection, sample: Sample, mark: str) -> bool:
    """Return whether a mark stands in a column of which it is not the only text."""
    found = " OR ".join(
        f"(count(*) FILTER (c{place} = {literal(mark)}) > 0 AND count(DISTINCT c{place}) > 1)"
        for place in range(len(sample.headers))
    )
    return bool(database.execute(f"SELECT {found} FROM {ROWS}").fetchall()[0][0])


def _names(headers: Sequence[str], not_to_use: Set[str]) -> Iterator[str]:
    """Yield a name in snake_case for each header, no two the same; the rules of contracts do not quote it."""
    seen: set[str] = set()
    for number, header in enumerate(headers, 1):
        name = "_".join(header_words(header)) or f"column_{number}"
        name = f"column_{name}" if not name[0].isalpha() or not name.isascii() or name in not_to_use else name
        name = re.sub(r"[^a-z0-9_]", "", name)
        while name in seen:
            name = f"{name}_{number}"
        seen.add(name)
        yield name


def _column(database: duckdb.DuckDBPyConnection, place: int, name: str, header: str) -> SampleColumn:
    here = f"c{place}"
    blank, distinct = database.execute(
        f"SELECT count(*) - count({here}), count(DISTINCT {here}) FROM {ROWS}"
    ).fetchall()[0]
    values = [
        row[0]
        for row in database.execute(
            f"SELECT DISTINCT {here} FROM {ROWS} WHERE {here} IS NOT NULL ORDER BY 1 LIMIT {_LOOKED_AT}"
        ).fetchall()
    ]
    plain = SampleColumn(name, header, "string", blank, distinct, values[0] if values else None)
    personal = personal_list().kind(header) or kind_of_column(values, header)
    personal = personal or next((kind for value in values if (kind := kind_in_text(value))), None)
    found = replace(plain, **_type(database, plain, here, values), personal=personal)
    if found.logical_type != "string" or personal or not values:
        return found
    is_of = (kind for kind, pattern in PLACES.items() if all(re.fullmatch(pattern, value) for value in values))
    if kind := next(is_of, None):
        return replace(found, place=kind)
    (rows,) = database.execute(f"SELECT count({here}) FROM {ROWS}").fetchall()[0]
    is_coded = (
        1 < distinct <= _MOST_CODES and rows >= _ROWS_A_CODE * distinct and max(map(len, values)) <= _LONGEST_CODE
    )
    return replace(found, codes=tuple(values)) if is_coded else found


def _type(
    database: duckdb.DuckDBPyConnection, column: SampleColumn, here: str, values: Sequence[str]
) -> dict[str, Any]:
    """Return the type that reads every value, or dates where nearly all are, and what it needs."""
    if not values:
        return {}
    if {value.lower() for value in values} <= _FLAGS:
        return {"logical_type": "boolean"}
    if dates := _dates(database, column, here, misfits=0):
        return dates
    if not any(re.fullmatch(r"[+-]?0\d+", value) for value in values):  # a code: as a number it would lose its zeros
        for kind in ("integer", "number"):
            for separator in (None, ","):
                if not _unread(database, column, here, kind, separator=separator):
                    return {"logical_type": kind, "thousands_separator": separator}
    if column.distinct >= _FEWEST_VALUES:
        return _dates(database, column, here, misfits=max(1, column.distinct // _VALUES_A_MISFIT))
    return {}


def _dates(database: duckdb.DuckDBPyConnection, column: SampleColumn, here: str, misfits: int) -> dict[str, Any]:
    forms: tuple[str, ...] = ()
    others: list[str] = []
    for form in (*_FORMS, *([EXCEL_SERIAL] if "date" in header_words(column.header) else [])):
        if not forms and _unread(database, column, here, "date", forms=(form,)) <= misfits:
            forms = (form,)
        elif (
            forms and _is_another(forms[0], form) and _unread(database, column, here, "date", forms=(form,)) <= misfits
        ):
            others.append(form)
    if not forms and not misfits:
        forms = _several(database, column, here)
    if not forms:
        return {}
    expression = typed_sql(_of_contract(column, "date", forms=forms))
    first, last = database.execute(
        f"SELECT min(day), max(day) FROM (SELECT {expression} AS day FROM {_as_sent(column, here, 'date')})"
    ).fetchall()[0]
    return {
        "logical_type": "date",
        "date_forms": forms,
        "other_forms": tuple(others),
        "misfits": _unread(database, column, here, "date", forms=forms),
        "first_day": first,
        "last_day": last,
    }


def _is_another(form: str, other: str) -> bool:
    """Return whether two forms read the same text as different days."""
    return EXCEL_SERIAL not in (form, other) and bool(ambiguous([strptime_format(form), strptime_format(other)]))


def _several(database: duckdb.DuckDBPyConnection, column: SampleColumn, here: str) -> tuple[str, ...]:
    """Return two forms that together read every value, and none differently."""
    for one in _DATE_FORMS:
        for other in (*_DATE_FORMS, EXCEL_SERIAL):
            pair = [strptime_format(form) for form in (one, other) if form != EXCEL_SERIAL]
            if one != other and not ambiguous(pair) and not _unread(database, column, here, "date", forms=(one, other)):
                return one, other
    return ()


def _unread(
    database: duckdb.DuckDBPyConnection,
    column: SampleColumn,
    here: str,
    kind: str,
    *,
    forms: tuple[str, ...] = (),
    separator: str | None = None,
) -> int:
    """Return how many different values intake would not read as of this type."""
    expression = typed_sql(_of_contract(column, kind, forms=forms, separator=separator))
    text = identifier(text_column(column.name, kind))
    sql = f"SELECT count(*) FROM {_as_sent(column, here, kind)} WHERE {text} IS NOT NULL AND ({expression}) IS NULL"
    return int(database.execute(sql).fetchall()[0][0])


def _as_sent(column: SampleColumn, here: str, kind: str) -> str:
    return f"(SELECT DISTINCT {here} AS {identifier(text_column(column.name, kind))} FROM {ROWS})"


def _of_contract(
    column: SampleColumn, kind: str, *, forms: tuple[str, ...] = (), separator: str | None = None
) -> Column:
    return Column(
        name=column.name,
        header=column.header,
        title=column.header,
        description="",
        logical_type=kind,
        required=False,
        is_personal=False,
        headers=(column.header,),
        date_formats=in_order_of_trial([strptime_format(form) for form in forms if form != EXCEL_SERIAL]),
        takes_excel_serials=EXCEL_SERIAL in forms,
        thousands_separator=separator,
    )
