"""Values that look personal: columns of which most values do, and texts in which one stands."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from stdnum.gb import nhs

from sources.contract.personal_list import ValueKind, personal_list
from sources.folder.sql_text import literal

COUNTRY = "GB"
DATES_OF_BIRTH = "dates of birth"
MOST = 0.5
# A spreadsheet counts days: 3654 is the 1st of January 1910, 36525 that of 2000.
_FIRST_SERIAL, _LAST_SERIAL = 3654, 36524
_FEWEST_SERIALS = 8
_SERIAL_SHARE = 0.97
# Dates of birth lie years apart; amounts are often round, and numbers that count on are close together.
_SERIAL_SPREAD = 5000
_ROUND_SHARE = 0.3
# What a program makes of a whole number in a column that has blanks.
_DECIMALS = re.compile(r"(\d+)\.0+")
_FLOOR = re.compile(r"(?i)(?:1ST|2ND|3RD|[04-9]TH)$")
# What a number is that these words stand before.
_REFERENCE = re.compile(r"(?i)\b(?:ref(?:erence)?|crime|incident|log|cad|urn|case|job)\W*(?:no|number|num)?\W*$")
_NUMBERS = re.compile(r"\d+")
_MONTH = re.compile(r"(?i)jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec")
# A long text is looked at in pieces, which overlap by more than what is found in it is long.
_PIECE, _LONGEST_FOUND = 300, 100
# Nothing personal of these kinds is without a digit, but an address; most texts are without both. Of U+3200 to U+33FF
# are signs that stand for several letters, such as those of the days of a month.
_TELLING = r"@\x{FE6B}\x{FF20}\p{N}\x{3200}-\x{33FF}"
# Line ends, tabs and the like between parts of a value are no less blanks, be they one or several.
_OTHER_BLANKS = re.compile(r"(?:[^\S ]|[\x00-\x1f\x7f-\x9f])+")
# Headers of numbers that count or measure something, and are no days.
_QUANTITY = re.compile(
    r"(?i)\bpop|income|salary|count|total|number|amount|value|cost|price|loss|person|resident|household|people|all|size|area|rate|"
    r"east|north|metre|length|distance|code|^[xy]\b|usual"
)


def kind_of_column(values: Sequence[str], header: str = "") -> str | None:
    """Return what most of the values of a column are, if that is personal; blank ones do not count."""
    filled = [value for value in map(_plain, values) if value]
    if not filled:
        return None
    for kind in personal_list().values:
        # `NHS 943 476 5919` in every row is no less such a number.
        whole = _compiled(f"{kind.whole}|{kind.within}")
        found = sum(1 for value in filled if (match := whole.fullmatch(value)) and _passes(kind, match))
        if found > len(filled) * MOST:
            return kind.kind
    return DATES_OF_BIRTH if not _QUANTITY.search(header) and _are_serials(filled) else None


def kind_in_text(text: str, is_beside_others: bool = False) -> str | None:
    """Return what stands in a text, if that is personal.

    With `is_beside_others` a text that is nothing else does not count: its column is judged by most of its values.
    """
    if _is_long(text):
        return next(filter(None, map(kind_in_text, _pieces(text))), None)
    plain = _plain(text)
    if not _compiled(within_pattern()).search(plain):
        return None
    for kind in personal_list().values:
        for match in _compiled(kind.within).finditer(plain):
            is_all = is_beside_others and match[0].strip() == plain.strip()
            if not is_all and _passes(kind, match):
                return kind.kind
    return None


def may_be_in_text(text: str) -> bool:
    """Return whether something personal may stand in a text, so that it has to be looked at closely."""
    pieces = _pieces(text) if _is_long(text) else (text,)
    return any(_compiled(within_pattern()).search(_plain(piece)) for piece in pieces)


def may_be_in_text_sql(value: str) -> str:
    """Return the predicate, of a text in SQL, that every text passes in which something personal may stand.

    DuckDB does not know the plainest letters of a text, so Python has to look at one that is not in plain letters.
    """
    pattern = literal(within_pattern())
    return (
        f"CASE WHEN regexp_matches({value}, '[{_TELLING}]') "
        f"THEN regexp_matches({value}, '[^ -~]') OR regexp_matches({value}, {pattern}, 'i') END"
    )


@cache
def within_pattern() -> str:
    """Return the regular expression, for any case of letters, of all texts in which something personal may stand."""
    return "|".join(f"(?:{kind.within})" for kind in personal_list().values)


def _is_long(text: str) -> bool:
    # The time of a search grows with the square of a text without blanks.
    return len(text) > _PIECE + _LONGEST_FOUND


def _pieces(text: str) -> Iterator[str]:
    return (text[start : start + _PIECE + _LONGEST_FOUND] for start in range(0, len(text), _PIECE))


def _passes(kind: ValueKind, match: re.Match[str]) -> bool:
    return kind.check is None or _CHECKS[kind.check](match)


def _is_postcode(match: re.Match[str]) -> bool:
    return not _FLOOR.search(match[0])


def _is_nhs_number(match: re.Match[str]) -> bool:
    return bool(nhs.is_valid("".join(_NUMBERS.findall(match[0]))[-10:]))


def _is_telephone(match: re.Match[str]) -> bool:
    text = match[0].strip()
    if text.isdigit() and _REFERENCE.search(match.string[: match.start()]):
        return False
    if re.match(r"7|44", text):
        text = f"0{text}" if text.startswith("7") else f"+{text}"
    if re.fullmatch(r"00(?!44)\d+", text):
        return False  # more likely a number with noughts in front than one abroad
    import phonenumbers  # noqa: PLC0415 - as long to import as a feed with nothing new takes

    try:
        number = phonenumbers.parse(text, COUNTRY)
    except phonenumbers.NumberParseException:
        return False
    national = f"0{number.national_number}" if number.country_code == 44 else ""
    return phonenumbers.is_valid_number(number) or bool(personal_list().fictional_telephones.fullmatch(national))


def _is_date(match: re.Match[str]) -> bool:
    """Return whether numbers that stand for day and month can do so."""
    text = match[0]
    if _MONTH.search(text):
        return True
    digits = re.sub(r"[ T]00:00.*", "", re.sub(r"^\D+", "", text))
    parts = [int(part) for part in _NUMBERS.findall(digits)]
    if len(parts) == 1:
        year_first = digits.startswith("19") and _is_day(digits[:4], digits[4:6], digits[6:8])
        return year_first or _is_day(digits[4:8], digits[2:4], digits[:2])
    if len(parts) < 3:
        return False
    one, two, three = parts[:3]
    if one > 31:
        return _is_day(one, two, three)
    year = three if three > 99 else 1900 + three
    return _is_day(year, two, one) or _is_day(year, one, two)


def _is_day(year: int | str, month: int | str, day: int | str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


_CHECKS: Mapping[str, Callable[[re.Match[str]], bool]] = {
    "postcode": _is_postcode,
    "nhs_number": _is_nhs_number,
    "telephone": _is_telephone,
    "date": _is_date,
}


def _are_serials(values: Sequence[str]) -> bool:
    """Return whether values are days of births as a spreadsheet counts them, and no amounts or running numbers."""
    if len(values) < _FEWEST_SERIALS or not all(value.isdecimal() for value in values):
        return False
    days = sorted(map(int, values))
    inside = [day for day in days if _FIRST_SERIAL <= day <= _LAST_SERIAL]
    if len(inside) < len(days) * _SERIAL_SHARE:
        return False
    spread = days[len(days) * 9 // 10] - days[len(days) // 10]
    are_round = sum(1 for day in days if day % 10 == 0) > len(days) * _ROUND_SHARE
    return spread >= _SERIAL_SPREAD and not are_round


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _plain(value: str) -> str:
    """Return a value as it is compared: in its plainest letters, without what is not seen or marks it as text."""
    text = value.strip()
    if not (text.isascii() and text.isprintable()):
        composed = unicodedata.normalize("NFKC", text)
        seen = (letter for letter in composed if unicodedata.category(letter) != "Cf")
        text = "".join(str(unicodedata.decimal(letter, letter)) for letter in seen)
        text = _OTHER_BLANKS.sub(" ", re.sub(r"[\u2010-\u2015\u2212]", "-", text)).strip()
    text = text.removeprefix("=").strip("'\"").strip()
    return decimal[1] if (decimal := _DECIMALS.fullmatch(text)) else text
