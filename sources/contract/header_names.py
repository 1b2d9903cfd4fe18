"""How the headers of columns are compared."""

import re
import unicodedata
from functools import lru_cache

_ASCII = re.compile(r"[A-Za-z]+")
# `IPSurname` and `victimDOB` are two words each, `DOB` is one.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")

_NOTE = re.compile(r"\[notes?\d[\d,]*\]")


def normal_header(header: str) -> str:
    """Return a header as it is compared with the agreed ones: case, spacing, a byte order mark make no difference.

    Nor does a reference to a note, such as `[note 3]` in statistics of government.
    """
    return _NOTE.sub("", "".join(header.replace("\ufeff", "").casefold().split()))


def plain_header(header: str) -> str:
    """Return a header as it is compared with personal ones: letters and digits alone, without a number at its end."""
    return "".join(header_words(header)).rstrip("0123456789")


def header_words(header: str) -> tuple[str, ...]:
    """Return the words of a header in lower case and in Latin letters, whatever they were written in."""
    # An apostrophe stands within a word.
    return tuple(word.casefold() for word in _WORD.findall(re.sub("['`\u2019]", "", in_latin(header))))


def in_latin(text: str) -> str:
    """Return a text with Latin letters for those that look like them, without accents and what is not seen."""
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFKC", text)
    return "".join(letter if letter.isascii() else _in_latin(letter) for letter in composed)


@lru_cache(maxsize=4096)
def _in_latin(letter: str) -> str:
    """Return the Latin letters that one other letter stands for; itself where there are none."""
    category = unicodedata.category(letter)
    if category in {"Cf", "Mn"}:
        return ""
    plain = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    if plain.isascii():
        return plain
    from confusable_homoglyphs import confusables  # noqa: PLC0415 - its tables are large, and few headers need them

    for found in confusables.is_confusable(letter, greedy=True) or []:
        for likeness in found["homoglyphs"]:
            if _ASCII.fullmatch(likeness["c"]):
                return str(likeness["c"])
    return letter
