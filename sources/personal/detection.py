"""Personal data that nobody agreed to send, found in rows of a delivery before it is archived.

Headers are compared with one list for all feeds and with what a contract forbids. In columns that the contract does
not know, values are compared with patterns, and so are free texts that it does. A finding names a column, never a
value. In open data of the agreed form a column's name tells nothing: everybody may read it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from sources.contract.header_names import normal_header, plain_header
from sources.contract.load import Contract
from sources.contract.personal_list import personal_list
from sources.folder.sql_text import literal
from sources.personal.values import kind_in_text, kind_of_column
from sources.reasons.reason import Reason, reason

# In these first rows a header is looked for that does not stand where the contract says.
_HEADER_ROWS = 30
_FEWEST_HEADERS = 3
REMEDY = reason("personal_data_remedy")


@dataclass(frozen=True)
class Agreement:
    """What the documents of a feed agree, of which one or more may decide about a file."""

    documents: tuple[Contract, ...]

    @cached_property
    def is_open(self) -> bool:
        """Return whether the files are open data, and not such as a contract says is about people all the same."""
        return all(document.is_open_data and not document.rows_are_people for document in self.documents)

    @cached_property
    def is_closed(self) -> bool:
        """Return whether everything has to be agreed, or left out by agreement: the rows are people."""
        return all(document.rows_are_people for document in self.documents)

    @cached_property
    def agreed(self) -> frozenset[str]:
        """Return the headers of agreed columns, as they are compared."""
        return frozenset().union(*map(_headers, self.documents))

    @cached_property
    def ignored(self) -> frozenset[str]:
        """Return the headers that are left out by agreement."""
        return frozenset(normal_header(name) for document in self.documents for name in document.ignored_columns)

    @cached_property
    def free_texts(self) -> dict[str, str]:
        """Return the headers of agreed columns that may hold any text, by what they are compared as."""
        return {
            normal_header(header): header
            for document in self.documents
            for column in document.columns
            if column.is_free_text
            for header in column.headers
        }

    @cached_property
    def forbidden(self) -> dict[str, str]:
        """Return what must not be sent, by its plain header, and why."""
        return {plain_header(name): reason for one in self.documents for name, reason in one.forbidden_columns}

    def says_all_of(self, name: str) -> bool:
        """Return whether no value in a column of this name has to be looked at."""
        normal = normal_header(name)
        if normal in self.agreed:
            return self.is_open or normal not in self.free_texts or normal in self.ignored
        return bool(name) and normal in self.ignored

    def is_header(self, row: Sequence[str]) -> bool:
        """Return whether the row names at least half the columns of a document."""
        names = set(map(normal_header, row))
        return any(2 * len(names & own) >= len(own) for own in map(_headers, self.documents))

    def of_header(self, place: int, name: str) -> Reason | None:
        """Return what is wrong with a column of this name, from 1, in the header row, if something is."""
        normal = normal_header(name)
        if normal in self.agreed:
            return None
        if plain_header(name) in self.forbidden:
            why = self.forbidden[plain_header(name)].rstrip(".")
            return reason("personal_column_forbidden", _named(name), place=place, why=why)
        kind = personal_list().kind(name)
        if kind and not self.is_open:
            return reason("personal_column", _named(name), place=place, kind=kind)
        if name.strip() and self.is_closed and normal not in self.ignored:
            return reason("personal_column_unknown", _named(name), place=place)
        return None

    def is_agreed_value(self, text: str) -> bool:
        """Return whether a text is one of the values that a rule lists, such as those that a template offers."""
        return any(literal(text) in rule.predicate for document in self.documents for rule in document.row_rules)

    def of_label(self, text: str) -> str | None:
        """Return what a text such as `Surname: …` says it holds, or has in it."""
        label, mark, value = text.replace("=", ":").partition(":")
        kind = personal_list().kind(label) if mark and value.strip() else None
        return kind or kind_in_text(text)


def in_rows(agreement: Agreement, rows: Sequence[Sequence[str]], header_row: int | None) -> list[Reason]:
    """Return what none of the documents agrees in the first rows of a file or sheet.

    `header_row` tells which of them should be the header, from 1; None where nobody knows.
    """
    place = _header_place(agreement, rows, header_row)
    if place is None:
        return [*_in_any_header(agreement, rows), *_in_values(agreement, (), rows, 0)]
    header = rows[place]
    return [
        *(found for number, name in enumerate(header, 1) if (found := agreement.of_header(number, name))),
        *_above(agreement, rows[:place], (header_row or 1) - 1),
        *_unnamed(agreement, header, rows, place),
        *_below(agreement, rows[place + 1 :]),
        *_in_values(agreement, header, rows, place + 1),
    ]


def in_texts(agreement: Agreement, texts: Sequence[str], where: str) -> list[Reason]:
    """Return what stands in texts beside the rows, such as comments; `where` is what they are, in our words."""
    if agreement.is_open or not texts:
        return []
    if agreement.is_closed:
        return [] if all(map(agreement.is_agreed_value, texts)) else [reason("personal_beside", where=where)]
    kinds = dict.fromkeys(kind for text in texts if (kind := agreement.of_label(text)))
    return [reason("personal_text", where=where, kind=kind) for kind in kinds]


def with_remedy(reasons: Iterable[Reason]) -> list[Reason]:
    """Return reasons, each once, and what to do."""
    return [*{one.for_owner(): one for one in reasons}.values(), REMEDY]


def _header_place(agreement: Agreement, rows: Sequence[Sequence[str]], header_row: int | None) -> int | None:
    """Return the place of the header, from 0: where it should be, or else the first of the rows that looks like it."""
    if header_row and len(rows) >= header_row and agreement.is_header(rows[header_row - 1]):
        return header_row - 1
    return next((place for place, row in enumerate(rows[:_HEADER_ROWS]) if agreement.is_header(row)), None)


def _above(agreement: Agreement, rows: Sequence[Sequence[str]], agreed_rows: int) -> Iterator[Reason]:
    texts = [cell for row in rows for cell in row if cell.strip()]
    if agreement.is_closed and len(rows) <= agreed_rows:
        texts = [text for text in texts if agreement.of_label(text)]
    yield from in_texts(agreement, texts, "lines above the header")


def _below(agreement: Agreement, rows: Sequence[Sequence[str]]) -> Iterator[Reason]:
    """Yield a reason for what stands under the rows: another table's personal header, or a line with a label."""
    if agreement.is_open:
        return
    for row in rows:
        if kind := _of_row(agreement, row):
            yield reason("personal_text", where="lines below the rows", kind=kind)


def _of_row(agreement: Agreement, row: Sequence[str]) -> str | None:
    """Return what a row tells first, if each of its cells names what is personal; a single cell may be a label."""
    listed = personal_list()
    cells = (cell for cell in row if cell.strip())
    first = None
    for cell in cells:
        kind = None if normal_header(cell) in agreement.agreed else listed.kind(cell)
        if kind is None and first is None and next(cells, None) is None:
            kind = agreement.of_label(cell)
        if kind is None or kind in listed.also_values:
            return None  # nearly every row, at its first cell
        first = first or kind
    return first


def _unnamed(
    agreement: Agreement, header: Sequence[str], rows: Sequence[Sequence[str]], place: int
) -> Iterator[Reason]:
    """Yield a reason for each column without a name that holds values, where every column has to be agreed."""
    if not agreement.is_closed:
        return
    named = {number for number, name in enumerate(header) if name.strip()}
    filled = {number for row in rows[place + 1 :] for number, cell in enumerate(row) if cell.strip()}
    for number in sorted(filled - named):
        yield unnamed_column(number)


def unnamed_column(place: int) -> Reason:
    """Return the reason of a column, from 0, that has values and no name."""
    return reason("personal_unnamed", place=place + 1)


def _in_any_header(agreement: Agreement, rows: Sequence[Sequence[str]]) -> Iterator[Reason]:
    """Yield a reason for each personal header in a row that may be one, of a file of unknown form.

    Open data too: what has not the form that was published is something else.
    """
    listed = personal_list()
    covered: set[int] = set()
    for row in rows[:_HEADER_ROWS]:
        cells = {place: cell for place, cell in enumerate(row) if cell.strip()}
        # A narrow table has its header on top; further down a name may be a value.
        is_wide = len(cells) >= _FEWEST_HEADERS
        if not any(map(_is_number, cells.values())):
            for place, name in cells.items():
                kind = listed.kind(name)
                is_told = kind not in listed.also_values and (is_wide or place not in covered)
                # So are places and bodies named, in lists that are published.
                is_told = is_told and not (agreement.is_open and plain_header(name) == "name")
                if kind and is_told and normal_header(name) not in agreement.agreed:
                    yield reason("personal_column", _named(name), place=place + 1, kind=kind)
                elif (kind := agreement.of_label(name)) and kind not in listed.also_values:
                    yield reason("personal_column", place=place + 1, kind=kind)
        if len(cells) > 1:
            covered.update(cells)


def _in_values(
    agreement: Agreement, header: Sequence[str], rows: Sequence[Sequence[str]], start: int
) -> Iterator[Reason]:
    """Yield a reason for each column whose values look personal, be it unknown or a free text."""
    below = rows[start:]
    for place in range(max(map(len, below), default=0)):
        name = header[place].strip() if place < len(header) else ""
        if agreement.says_all_of(name):
            continue
        values = [row[place] for row in below if place < len(row) and row[place].strip()]
        found = of_column(agreement, place, name, values)
        if found:
            yield found


def of_column(agreement: Agreement, place: int, name: str, values: Sequence[str]) -> Reason | None:
    """Return what the values of a column hold, if that is personal and not agreed; no name, where nobody knows it."""
    normal = normal_header(name)
    is_unknown = not (name and normal in agreement.agreed.union(agreement.ignored))
    kind = kind_of_column(values, name) if is_unknown else None
    if kind:
        return reason("personal_values", _named(name), place=place + 1, kind=kind)
    return of_texts(agreement, place, name, values)


def of_texts(agreement: Agreement, place: int, name: str, texts: Sequence[str]) -> Reason | None:
    """Return what stands in texts of a column, where the contract does not say what its values are."""
    normal = normal_header(name)
    if agreement.is_open or (name and normal in agreement.ignored):
        return None
    if name and normal in agreement.agreed:
        if normal not in agreement.free_texts:
            return None
        kind = next(filter(None, map(kind_in_text, dict.fromkeys(texts))), None)
        return reason("personal_in_column", column=agreement.free_texts[normal], kind=kind) if kind else None
    kinds = (kind_in_text(text, is_beside_others=True) for text in dict.fromkeys(texts))
    kind = next(filter(None, kinds), None)
    return reason("personal_in_texts", _named(name), place=place + 1, kind=kind) if kind else None


def _named(header: str) -> str:
    # What stands in the first row of a file without a header may be a value, and is not kept.
    return f"It is named {header.strip()!r}." if header.strip() else ""


def _headers(document: Contract) -> frozenset[str]:
    return frozenset(normal_header(header) for column in document.columns for header in column.headers)


def _is_number(cell: str) -> bool:
    return cell.strip().replace(".", "").isdigit()
