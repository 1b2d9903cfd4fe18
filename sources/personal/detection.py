"""Personal data that nobody agreed to send, found in the first rows of a delivery before it is archived.

Headers are compared with one list for all feeds and with what a contract forbids. In columns that the contract does
not know, the first values are compared with patterns. A finding names a column, never a value.
"""

from collections.abc import Iterator, Sequence

from sources.contract.header_names import normal_header, plain_header
from sources.contract.load import Contract
from sources.contract.personal_list import personal_list
from sources.reasons.reason import Reason, reason

# In these first rows a header is looked for that does not stand where the contract says.
_HEADER_ROWS = 20
_FEWEST_HEADERS = 3
_MOST = 0.5
REMEDY = reason("personal_data_remedy")


def personal_columns(
    documents: Sequence[Contract], rows: Sequence[Sequence[str]], header_row: int | None
) -> list[Reason]:
    """Return a reason for each column that holds what none of `documents` agrees, and at the end the remedy.

    `rows` are the first of a file; `header_row` tells which of them is the header, from 1; None where nobody knows.
    """
    header = rows[header_row - 1] if header_row and len(rows) >= header_row else []
    below = rows[header_row or 0 :]
    found = [*_by_header(documents, rows, header), *_by_value(documents, header, below)]
    findings = list({one.for_owner(): one for one in found}.values())
    return [*findings, REMEDY] if findings else []


def _by_header(documents: Sequence[Contract], rows: Sequence[Sequence[str]], header: Sequence[str]) -> Iterator[Reason]:
    """Yield a reason for each personal header, in the header row or where that seems to be elsewhere."""
    listed = personal_list()
    agreed = set().union(*map(_agreed, documents))
    forbidden = {plain_header(name): reason for document in documents for name, reason in document.forbidden_columns}
    # Of a feed of people every column has to be agreed, or left out by agreement.
    closed = (
        agreed.union(normal_header(name) for document in documents for name in document.ignored_columns)
        if _is_header(documents, header) and all(document.rows_are_people for document in documents)
        else set()
    )
    for place, name in enumerate(header, 1):
        kind = listed.kind(name)
        if normal_header(name) in agreed:
            continue
        if plain_header(name) in forbidden:
            why = forbidden[plain_header(name)].rstrip(".")
            yield reason("personal_column_forbidden", _named(name), place=place, why=why)
        elif kind:
            yield reason("personal_column", _named(name), place=place, kind=kind)
        elif name.strip() and closed and normal_header(name) not in closed:
            yield reason("personal_column_unknown", _named(name), place=place)
    if _is_header(documents, header):
        return
    for row in rows[:_HEADER_ROWS]:
        cells = {place: cell for place, cell in enumerate(row, 1) if cell.strip()}
        if len(cells) < _FEWEST_HEADERS or any(map(_is_number, cells.values())):
            continue
        for place, name in cells.items():
            kind = listed.kind(name)
            if kind and kind not in listed.also_values and normal_header(name) not in agreed:
                yield reason("personal_column", _named(name), place=place, kind=kind)


def _by_value(documents: Sequence[Contract], header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[Reason]:
    """Yield a reason for each column that no document agrees and whose first values look personal."""
    is_header = _is_header(documents, header)
    agreed = set().union(*map(_agreed, documents)) if is_header else set()
    for place in range(max(map(len, rows), default=0)):
        name = header[place].strip() if is_header and place < len(header) else ""
        if name and normal_header(name) in agreed:
            continue
        values = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        for kind, pattern in personal_list().values:
            if sum(1 for value in values if pattern.fullmatch(value)) > len(values) * _MOST:
                # What stands in the first row of a file without a header may be a value, and is not kept.
                yield reason("personal_values", _named(name) if name else "", place=place + 1, kind=kind)


def _named(header: str) -> str:
    return f"It is named {header.strip()!r}."


def _agreed(document: Contract) -> set[str]:
    return {normal_header(header) for column in document.columns for header in column.headers}


def _is_header(documents: Sequence[Contract], row: Sequence[str]) -> bool:
    """Return whether the row names at least half the columns of a document."""
    names = set(map(normal_header, row))
    return any(2 * len(names.intersection(agreed)) >= len(agreed) for agreed in map(_agreed, documents))


def _is_number(cell: str) -> bool:
    return cell.strip().replace(".", "").isdigit()
