"""Texts that nobody else writes, sent in every place where a sender can write, to feeds of people and to others."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import xlsxwriter

from tests.csp import Installation
from tests.unit.sources.every_form import FORMS
from tests.unit.sources.feed_forms import Form

FEEDS = ("partners/marac_cases", "pct/drug_treatment", "police/recorded_crime", "fire/incidents")
ROWS = 60


@dataclass(frozen=True)
class Canary:
    """A text, where it was sent, and whether that is a feed of people."""

    text: str
    kind: str
    feed: str
    of_people: bool


def form_of(feed: str) -> Form:
    return next(form for form in FORMS if form.document == feed)


def canary_text(number: int) -> str:
    """Return a word of letters alone, so that a supplier may be called so."""
    return "zqx" + "".join(chr(ord("a") + int(digit)) for digit in f"{number:03d}") + "xqz"


def send(folder: Installation) -> list[Canary]:
    """Drop every canary into landing."""
    sent = []
    for feed in FEEDS:
        form = form_of(feed)
        for kind, place, content in _deliveries(form, len(sent)):
            canary = Canary(canary_text(len(sent)), kind, feed, form.own_contract.rows_are_people)
            file = folder.root / "landing" / feed / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            sent.append(canary)
    return sent


def _deliveries(form: Form, first: int) -> Iterator[tuple[str, str, bytes]]:
    """Yield kind, path in the feed's landing folder and bytes; every file has other bytes than the others."""
    makers = (_names, _columns, _rows, _zips, _workbooks)
    number = first
    for maker in makers:
        for kind, build in maker(form):
            place, content = build(canary_text(number), number)
            yield kind, place, content
            number += 1


def _sound(form: Form, number: int) -> list[list[str]]:
    return [form.row(1000 * number + n) for n in range(2, 2 + ROWS)]


def _supplied(form: Form, text: str) -> str:
    """Return a file name that fits, from a supplier of this name."""
    pattern = form.own_contract.file_name_pattern
    match = pattern.fullmatch(form.name)
    assert match
    start, end = match.span("supplier")
    # The name of some ends with what they are.
    names = [f"{form.name[:start]}{who}{form.name[end:]}" for who in (text, f"{text}-{match['supplier'][-5:]}")]
    return next(name for name in names if pattern.fullmatch(name))


def _names(form: Form) -> Iterator[tuple]:
    def content(number: int) -> bytes:
        return form.content(_sound(form, number))

    yield "file name, refused", lambda text, n: (f"2009-05 {text}.csv", content(n))
    yield "file name as a formula", lambda text, n: (f"=cmd|'! C {text}'!A1.csv", content(n))
    yield "supplier in the file name, accepted", lambda text, n: (_supplied(form, text), content(n))
    yield "folder in landing, accepted", lambda text, n: (f"{text}/{_supplied(form, 'rutland')}", content(n))
    yield "folder in landing, superseding", lambda text, n: (f"z/{text}/{_supplied(form, 'rutland')}", content(n))


def _columns(form: Form) -> Iterator[tuple]:
    def with_header(header: list[str], number: int) -> bytes:
        lines = form.content(_sound(form, number)).decode(form.own_contract.encoding).splitlines()
        mark = form.own_contract.delimiter
        row = form.own_contract.header_row - 1
        extra = len(header) - len(form.sound)
        lines = [line + mark * extra if place >= row else line for place, line in enumerate(lines)]
        lines[row] = mark.join(f'"{cell}"' for cell in header)
        return "\n".join(lines).encode(form.own_contract.encoding)

    headers = list(form.sound)
    yield "unknown column", lambda text, n: (f"c1/{form.name}", with_header([*headers, text], n))
    yield "header cell, column missing", lambda text, n: (f"c2/{form.name}", with_header([text, *headers[1:]], n))
    yield "title line", lambda text, n: (f"c3/{form.name}", f"{text} and others\n".encode() + with_header(headers, n))


def _rows(form: Form) -> Iterator[tuple]:
    dated = next(changes for changes, rule, _ in form.broken if rule.endswith("_date"))

    def cell(text: str, number: int) -> tuple[str, bytes]:
        broken = form.row(1000 * number, **dict.fromkeys(dated, text))
        return _supplied(form, "kent"), form.content([*_sound(form, number), broken])

    def damaged(text: str, number: int) -> tuple[str, bytes]:
        content = form.content(_sound(form, number))
        return _supplied(form, "surrey"), content + f"{text}\r\n".encode()

    yield "cell of a rejected row", cell
    yield "damaged row", damaged


def _zips(form: Form) -> Iterator[tuple]:
    def zipped(member: str, number: int) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr(member, form.content(_sound(form, number)))
        return stream.getvalue()

    yield "name of a zip", lambda text, n: (f"{text}.zip", zipped(_supplied(form, "dorset"), n))
    yield "member of a zip, refused", lambda text, n: ("a.zip", zipped(f"{text}.csv", n))
    yield "folder in a zip", lambda text, n: ("b.zip", zipped(f"{text}/{_supplied(form, 'devon')}", n))


def _workbooks(form: Form) -> Iterator[tuple]:
    def book(number: int, sheet: str | None = None, **extras: str) -> bytes:
        stream = io.BytesIO()
        contract = form.own_contract
        workbook = xlsxwriter.Workbook(stream)
        main = workbook.add_worksheet((sheet or contract.sheet or "Sheet1")[:31])
        for row, line in enumerate([list(form.sound), *_sound(form, number)], contract.sheet_header_row - 1):
            main.write_row(row, 0, line)
        if "hidden" in extras:
            hidden = workbook.add_worksheet(extras["hidden"])
            hidden.write(0, 0, extras["hidden"])
            hidden.hide()
        if "comment" in extras:
            main.write_comment(3, 1, extras["comment"])
        if "defined" in extras:
            workbook.define_name(extras["defined"], f"='{main.get_name()}'!$A$1")
        if "author" in extras:
            workbook.set_properties({"author": extras["author"], "comments": extras["author"]})
        workbook.close()
        return stream.getvalue()

    def named(supplier: str) -> str:
        return _supplied(form, supplier).replace(".csv", ".xlsx")

    yield "name of the only sheet", lambda text, n: (named("essex"), book(n, text))
    yield "hidden sheet", lambda text, n: (named("durham"), book(n, hidden=text))
    yield "comment of a cell", lambda text, n: (named("norfolk"), book(n, comment=text))
    yield "defined name", lambda text, n: (named("suffolk"), book(n, defined=text))
    yield "document property", lambda text, n: (named("sussex"), book(n, author=text))
