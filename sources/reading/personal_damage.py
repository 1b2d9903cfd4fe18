"""Personal data in damaged rows: they stand in no table of the rows, and are kept as they were sent all the same."""

import codecs
from collections.abc import Iterator

import duckdb

from sources.contract.header_names import normal_header
from sources.contract.load import Column
from sources.personal.detection import Agreement
from sources.personal.values import kind_in_text, may_be_in_text_sql
from sources.reading.damage import WRONG_ENCODING, sent_lines
from sources.reading.engine import number
from sources.reading.row_sql import RowSql
from sources.reasons.reason import Reason, reason

_ERRORS = "csp_windows_1252"
# As the letters that they most likely are.
codecs.register_error(
    _ERRORS,
    lambda error: (error.object[error.start : error.end].decode("windows-1252", "ignore"), error.end),  # type: ignore[attr-defined]
)
_FETCHED_AT_ONCE = 1000


def in_damaged_rows(
    connection: duckdb.DuckDBPyConnection, sql: RowSql, agreement: Agreement, rejects: str
) -> list[Reason]:
    """Return what is personal in rows that are no CSV row, as the table `rejects` holds them."""
    look = _Look(sql, agreement)
    kinds = dict.fromkeys(kind for line in _lines(connection, sql, rejects) for kind in look.kinds(line))
    return [reason("personal_text", where="damaged rows", kind=kind) for kind in kinds]


def _lines(connection: duckdb.DuckDBPyConnection, sql: RowSql, rejects: str) -> Iterator[str]:
    lines = sent_lines(rejects, sql.header.layout.delimiter)
    result = connection.execute(f"SELECT DISTINCT line FROM ({lines}) WHERE {may_be_in_text_sql('line')} ORDER BY line")
    while some := result.fetchmany(_FETCHED_AT_ONCE):
        yield from (line for (line,) in some)
    if number(connection, f"SELECT count(*) FROM {rejects} WHERE error_type::VARCHAR = '{WRONG_ENCODING}'"):
        # DuckDB shows question marks in place of the letter that it cannot read and of some behind it.
        with sql.numbered.file.open("rb") as copy:
            for sent in copy:
                try:
                    sent.decode()
                except UnicodeDecodeError:
                    yield sent.decode(errors=_ERRORS).partition(sql.header.layout.delimiter)[2]


class _Look:
    """What values of damaged rows may hold.

    Where some are missing or too many, a value may be of any of several columns. What is a telephone number and nothing
    else may be a reference, if one of them holds codes.
    """

    def __init__(self, sql: RowSql, agreement: Agreement) -> None:
        self.delimiter = sql.header.layout.delimiter
        columns = {place: column for column in sql.contract.columns for place in sql.header.positions[column.name]}
        self.places = range(len(sql.header.headers))
        self.as_agreed = {
            place
            for place in self.places
            if (_is_as_agreed(columns[place]) if place in columns else False)
            or normal_header(sql.header.headers[place]) in agreement.ignored
        }
        self.free = {place for place, column in columns.items() if column.is_free_text}

    def kinds(self, line: str) -> Iterator[str]:
        values = line.split(self.delimiter)
        shift = len(self.places) - len(values)
        for at, value in enumerate(values):
            places = set(self.places[max(min(at, at + shift), 0) : max(at, at + shift) + 1])
            if places.isdisjoint(self.as_agreed):
                kind = kind_in_text(value.replace('"', " "), is_beside_others=not places <= self.free)
                if kind:
                    yield kind


def _is_as_agreed(column: Column) -> bool:
    return column.is_agreed_text or (column.is_personal and not column.is_free_text)
