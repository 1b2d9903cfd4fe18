"""Deliveries with personal data that nobody agreed: in columns, values and texts of CSV files and workbooks."""

import io
import random
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter

from .feed_forms import RECORDED_CRIME, Form
from .feed_forms_cleanliness import ASB_CASES
from .feed_forms_offenders import MARAC

ROWS = 40
CANARY = "Zebedee"
BORN = [date(1950 + (n * 7) % 45, 1 + n % 12, 1 + (n * 5) % 28) for n in range(ROWS)]
SERIALS = [str((born - date(1899, 12, 30)).days) for born in BORN]


@dataclass(frozen=True)
class Delivery:
    kind: str
    form: Form
    content: bytes
    suffix: str = ".csv"

    @property
    def name(self) -> str:
        return self.form.name.replace(".csv", self.suffix)


def rows_of(form: Form) -> list[list[str]]:
    return [form.row(number) for number in range(1, ROWS + 1)]


def with_column(form: Form, header: str, values: Sequence[str] = (CANARY,)) -> bytes:
    rows = [[*row, values[number % len(values)]] for number, row in enumerate(rows_of(form))]
    return _csv([[*form.sound, header], *rows])


def _csv(lines: Sequence[Sequence[str]]) -> bytes:
    quoted = [[f'"{cell}"' if "," in cell or "\n" in cell else cell for cell in line] for line in lines]
    return "".join(",".join(line) + "\r\n" for line in quoted).encode()


def with_text(form: Form, header: str, text: str, place: int = 30) -> bytes:
    """Return a file with a text in one row of an agreed column."""
    rows = [form.row(n, **({header: text} if n == place else {})) for n in range(1, ROWS + 1)]
    return _csv([list(form.sound), *rows])


def nhs_number(number: int) -> str:
    for nine in range(400_000_000 + number * 7919, 400_000_000 + number * 7919 + 20):
        check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(str(nine))) % 11
        if check != 10:
            return f"{nine}{0 if check == 11 else check}"
    raise AssertionError


HEADERS = {
    "plain": "Surname",
    "words in another order": "Name, full (IP)",
    "a role in front": "IP Surname",
    "a role run together": "victimsurname",
    "several words run together": "fullnameofclient",
    "other words around": "Surname as spoken on scene",
    "CamelCase": "dateOfBirth",
    "underscores": "VICTIM_SURNAME_2",
    "full-width letters": "\uff33\uff55\uff52\uff4e\uff41\uff4d\uff45",
    "Cyrillic letters": "Surn\u0430me",
    "zero-width letters": "Sur\u200bname",
    "French": "Nom de famille",
    "accents": "Pr\u00e9nom",
    "Welsh": "Cyfenw",
    "digits for letters": "D0B",
    "dots": "S.u.r.n.a.m.e",
    "spaces": "N H S  Number",
    "one letter for a word": "F_NAME",
    "a word cut short": "First_Nm",
    "another name": "Nickname",
    "the form beside it": "DoB (dd/mm/yyyy)",
    "small words": "D of B",
    "cut short": "BirthDt",
    "a number to ring": "Contact number",
    "a mobile, cut short": "Mob No",
    "an address, cut short": "E-mail addr",
    "a car": "Vehicle registration",
    "Welsh, in full": "Enw llawn",
    "Dutch": "Achternaam",
    "Swedish": "Efternamn",
}
VALUES = {
    "NHS numbers with spaces": lambda n: f"{nhs_number(n)[:3]} {nhs_number(n)[3:6]} {nhs_number(n)[6:]}",
    "NHS numbers with hyphens": lambda n: f"{nhs_number(n)[:3]}-{nhs_number(n)[3:6]}-{nhs_number(n)[6:]}",
    "NHS numbers as digits": nhs_number,
    "NHS numbers with dots": lambda n: f"{nhs_number(n)[:3]}.{nhs_number(n)[3:6]}.{nhs_number(n)[6:]}",
    "NHS numbers as decimals": lambda n: f"{nhs_number(n)}.0",
    "NHS numbers with a label": lambda n: f"NHS {nhs_number(n)}",
    "national insurance numbers": lambda n: f"QQ{123456 + n}C",
    "national insurance numbers with spaces": lambda n: f"AB {10 + n} {20 + n} {30 + n} D",
    "e-mail addresses": lambda n: f"zebedee{n}@example.org",
    "telephone numbers": lambda n: f"01664 5025{10 + n}",
    "telephone numbers +44": lambda n: f"+44 7700 9001{10 + n}",
    "telephone numbers 0044": lambda n: f"0044 7700 9001{10 + n}",
    "telephone numbers as digits": lambda n: f"077009001{10 + n}",
    "telephone numbers without the 0": lambda n: f"77009001{10 + n}",
    "telephone numbers with dots": lambda n: f"01664.502.5{10 + n}",
    "telephone numbers as decimals": lambda n: f"77009001{10 + n}.0",
    "postcodes with a hyphen": lambda n: f"LE13-{n % 10}AB",
    "postcodes": lambda n: f"LE13 {n % 10}AB",
    "postcodes in small letters": lambda n: f"le13{n % 10}ab",
    "births dd/mm/yyyy": lambda n: f"{BORN[n]:%d/%m/%Y}",
    "births dd/mm/yy": lambda n: f"{BORN[n]:%d/%m/%y}",
    "births yyyymmdd": lambda n: f"{BORN[n]:%Y%m%d}",
    "births ddmmyyyy": lambda n: f"{BORN[n]:%d%m%Y}",
    "births d Mon yyyy": lambda n: f"{BORN[n]:%d %b %Y}",
    "births Month d, yyyy": lambda n: f"{BORN[n]:%B %d, %Y}",
    "births with time": lambda n: f"{BORN[n]:%Y-%m-%d}T00:00:00Z",
    "births with an offset": lambda n: f"{BORN[n]:%Y-%m-%d}T00:00:00+00:00",
    "births with a label": lambda n: f"DOB {BORN[n]:%d/%m/%Y}",
    "births as serials": lambda n: SERIALS[n],
    "births as decimals": lambda n: f"{SERIALS[n]}.0",
}
TEXTS = {
    "a postcode in a text": "outside 4 Zebedee Row LE13 1AB",
    "a telephone number in a text": "ring Zebedee on 07700 900123",
    "a telephone number with dots in a text": "ring Zebedee on 07700.900.123 now",
    "a telephone number with a slash in a text": "ring Zebedee on 07700/900123 now",
    "+44 in a text": "Zebedee +44 1664 502502",
    "an e-mail address in a text": "zebedee@example.org said so",
    "an NHS number in a text": "patient 943 476 5919 Zebedee",
    "a national insurance number in a text": "Zebedee, QQ 12 34 56 C",
    "a date of birth in a text": "Zebedee dob 31/01/80",
}


def csv_files() -> Iterator[Delivery]:
    for kind, header in HEADERS.items():
        yield Delivery(f"header: {kind}", RECORDED_CRIME, with_column(RECORDED_CRIME, header))
    for kind, value in VALUES.items():
        values = [value(number) for number in range(ROWS)]
        yield Delivery(f"values: {kind}", RECORDED_CRIME, with_column(RECORDED_CRIME, "Ref", values))
    for kind, text in TEXTS.items():
        yield Delivery(f"agreed text: {kind}", ASB_CASES, with_text(ASB_CASES, "Street", text))
        values = ["nothing"] * (ROWS - 1) + [text]
        yield Delivery(f"unknown text: {kind}", RECORDED_CRIME, with_column(RECORDED_CRIME, "Notes", values))
    marac, header = rows_of(MARAC), list(MARAC.sound)
    late = [*([""] * (ROWS - 1)), CANARY]
    beyond = [[*row, CANARY] if n == 7 else row for n, row in enumerate(marac)]
    yield Delivery("people: a column that is not agreed", MARAC, with_column(MARAC, "Perp"))
    yield Delivery("people: an unnamed column", MARAC, with_column(MARAC, ""))
    yield Delivery("people: an unnamed column, one value", MARAC, with_column(MARAC, "", late))
    yield Delivery("people: cells beyond the header", MARAC, _csv([header, *beyond]))
    yield Delivery("people: a title line", MARAC, _csv([[f"Cases of {CANARY}"], header, *marac]))
    yield Delivery("a title line with a label", RECORDED_CRIME, _csv([[f"Surname: {CANARY}"], ["x"], *_lines()]))
    yield Delivery("a header further down", RECORDED_CRIME, b"a\r\nb\r\n" + with_column(RECORDED_CRIME, "Surname"))
    below = [["Surname", "DOB"], [CANARY, "x"]]
    for form, people in ((RECORDED_CRIME, ""), (MARAC, "people: ")):
        yield Delivery(f"{people}a table below", form, _csv([list(form.sound), *rows_of(form), *below]))
        yield Delivery(f"{people}a line below", form, _csv([list(form.sound), *rows_of(form), [f"Surname: {CANARY}"]]))
    yield Delivery("two byte order marks", RECORDED_CRIME, b"\xef\xbb\xbf" * 2 + with_column(RECORDED_CRIME, "Surname"))
    yield Delivery("UTF-16", RECORDED_CRIME, with_column(RECORDED_CRIME, "Surname").decode().encode("utf-16"))


def late_file() -> Delivery:
    """Return a file whose unknown column is clean for longer than the first look."""
    rows = [[*RECORDED_CRIME.row(n), "x" if n < 1500 else f"01664 5{n:05d}"] for n in range(1, 5000)]
    return Delivery("values: clean at the beginning", RECORDED_CRIME, _csv([[*RECORDED_CRIME.sound, "Ref"], *rows]))


def _lines() -> list[list[str]]:
    return [list(RECORDED_CRIME.sound), *rows_of(RECORDED_CRIME)]


Change = Callable[[Any, Any], object]
"""What is done with the book and its first sheet."""


def book(form: Form, change: Change = lambda *_: None, parts: dict[str, bytes] | None = None) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        sheet = made.add_worksheet(form.own_contract.sheet)
        for number, row in enumerate([list(form.sound), *rows_of(form)]):
            for place, value in enumerate(row):
                sheet.write_string(number, place, value)
        change(made, sheet)
    if not parts:
        return buffer.getvalue()
    changed = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            target.writestr(info.filename, source.read(info))
        for name, content in parts.items():
            target.writestr(name, content)
    return changed.getvalue()


def _hidden_sheet(rows: list[list[str]], very: bool) -> Change:
    def change(made: Any, _: Any) -> None:
        sheet = made.add_worksheet("Sheet2")
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                sheet.write_string(number, place, value)
        (sheet.very_hidden if very else sheet.hide)()

    return change


def _other_sheet(name: str) -> Change:
    return lambda made, _: made.add_worksheet(name)


SAID = f"Victim {CANARY}, ring 07700 900123"
CHANGES: dict[str, Change] = {
    "a comment": lambda _, sheet: sheet.write_comment(3, 1, SAID),
    "a text box": lambda _, sheet: sheet.insert_textbox(3, 30, SAID),
    "a defined name": lambda made, _: made.define_name("Seen", f'="{SAID}"'),
    "a document property": lambda made, _: made.set_properties({"comments": SAID}),
    "keywords": lambda made, _: made.set_properties({"keywords": SAID}),
    "a custom property": lambda made, _: made.set_custom_property("Surname", CANARY),
    "a page header": lambda _, sheet: sheet.set_header(f"&L{SAID}"),
    "a hint of data validation": lambda _, sheet: sheet.data_validation(
        1, 1, 9, 1, {"validate": "any", "input_title": "Hint", "input_message": SAID}
    ),
    "a list of data validation": lambda _, sheet: sheet.data_validation(
        1, 1, 9, 1, {"validate": "list", "source": [f"{CANARY} 07700 900123", "x"]}
    ),
}
PARTS = {
    "a threaded comment": ("xl/threadedComments/threadedComment1.xml", f"<a><text>{SAID}</text></a>"),
    "a pivot cache": (
        "xl/pivotCache/pivotCacheDefinition1.xml",
        f'<p><cacheFields><cacheField name="Surname"><sharedItems><s v="{CANARY}"/></sharedItems></cacheField>'
        "</cacheFields></p>",
    ),
    "an external link": ("xl/externalLinks/externalLink1.xml", f"<x><row><cell><v>{SAID}</v></cell></row></x>"),
    "a query": ("xl/connections.xml", f'<c><connection name="x" command="where said = {SAID}"/></c>'),
    "custom XML": ("customXml/item1.xml", f"<people><surname>{CANARY}</surname></people>"),
    "a sheet that is not listed": (
        "xl/worksheets/sheet9.xml",
        f'<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{SAID}</t></is></c></row></sheetData>'
        "</worksheet>",
    ),
    "a chart": ("xl/charts/chart1.xml", f"<c><pt><v>{SAID}</v></pt></c>"),
}


def workbooks() -> Iterator[Delivery]:
    for form, people in ((RECORDED_CRIME, ""), (MARAC, "people: ")):
        for kind, change in CHANGES.items():
            yield Delivery(f"{people}workbook, {kind}", form, book(form, change), ".xlsx")
        for kind, (part, content) in PARTS.items():
            yield Delivery(f"{people}workbook, {kind}", form, book(form, parts={part: content.encode()}), ".xlsx")
        for very in (False, True):
            for width, rows in (("one column", [["Surname"], [CANARY]]), ("two columns", [["Id", "DOB"], ["1", "x"]])):
                kind = f"{people}workbook, {'very ' if very else ''}hidden sheet of {width}"
                yield Delivery(kind, form, book(form, _hidden_sheet(rows, very)), ".xlsx")
    yield Delivery("people: workbook, a sheet's name", MARAC, book(MARAC, _other_sheet(CANARY)), ".xlsx")
    yield Delivery(
        "people: workbook, any other sheet", MARAC, book(MARAC, _hidden_sheet([["x"], [CANARY]], very=False)), ".xlsx"
    )
    yield Delivery(
        "people: workbook, an embedded file", MARAC, book(MARAC, parts={"xl/embeddings/a.bin": b"x"}), ".xlsx"
    )
    yield Delivery("people: workbook, an unknown part", MARAC, book(MARAC, parts={"xl/new/a.xml": b"<a/>"}), ".xlsx")
    yield Delivery(
        "people: workbook, a stray cell", MARAC, book(MARAC, lambda _, sheet: sheet.write(9, 20, CANARY)), ".xlsx"
    )
    births = list(zip(SERIALS, range(ROWS), strict=True))
    yield Delivery(
        "workbook, unformatted days of birth",
        RECORDED_CRIME,
        book(RECORDED_CRIME, lambda _, sheet: [sheet.write(n + 1, 40, int(day)) for day, n in births]),
        ".xlsx",
    )


def deliveries() -> list[Delivery]:
    return [*csv_files(), late_file(), *workbooks()]


def harmless_columns() -> dict[str, list[str]]:
    """Return made columns that look like numbers of people and are none, by their headers."""
    draw = random.Random(3)
    many = range(200)
    return {
        "UPRN code": [str(draw.randint(10**11, 10**11 + 10**9)) for _ in many],
        "UPRN of ten digits": [str(draw.randint(10**9, 10**10 - 1)) for _ in many],
        "Recorded": [f"2009-0{1 + n % 9}-{1 + n % 28:02d}" for n in many],
        "Recorded in words": [f"{1 + n % 28} Jan 2009" for n in many],
        "Incident": [f"0412{n:05d}" for n in many],
        "Zero-padded": [f"{n:09d}" for n in many],
        "Zero-padded to ten": [f"00{n * 7919:08d}" for n in many],
        "Site easting": [str(draw.randint(100_000, 655_000)) for _ in many],
        "Site northing": [str(draw.randint(5_000, 36_000)) for _ in many],
        "Crime reference": [f"33S/{n:05d}/08" for n in many],
        "Crime ref": [f"CR{n:07d}" for n in many],
        "Amount": [str(draw.randint(5_000, 36_000)) for _ in many],
        "Loss": [f"{draw.randint(5_000, 36_000)}.50" for _ in many],
        "Running": [str(20_000 + n) for n in many],
        "Yearly": [str(draw.randint(1, 35_000)) for _ in many],
        "Stamp": [f"200904{1 + n % 28:02d}{n % 24:02d}15" for n in many],
        "Clock": [f"{n % 24:02d}:{n % 60:02d}" for n in many],
        "LSOA": [f"E0100{n:04d}" for n in many],
        "Road": [f"A{n} near M1 J{n % 40}" for n in many],
        "Outward": [f"LE{n % 20}" for n in many],
        "Sort": [f"20-{n % 90 + 10}-77" for n in many],
        "GUID": [
            f"{draw.getrandbits(32):08x}-{draw.getrandbits(16):04x}-4abc-9def-{draw.getrandbits(48):012x}" for _ in many
        ],
        "Decimals": [f"0.{draw.randint(10**10, 10**11)}" for _ in many],
        "Whole decimals": [f"{draw.randint(100_000, 655_000)}.0" for _ in many],
        "Version": [f"0{n % 9}1.2{n % 10}.{n % 7}" for n in many],
        "Reference of a plot": [f"P{n % 90}-{n % 9}-{n}" for n in many],
        "pop 2011": [str(draw.randint(4_000, 36_000)) for _ in many],
        "Income": [str(draw.randint(4_000, 36_000)) for _ in many],
        "Longitude": [f"-0.{draw.randint(10**5, 10**6)}" for _ in many],
        "Financial year": ["2008/09"] * 200,
    }
