"""Tables of population estimates as publishers lay them out: years, sexes and ages in columns, in rows or in sheets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sources.contract import values
from sources.contract.errors import Mistake

_NAME = "tableOfEstimates"
_COLUMNS = ("areaCode", "areaName", "sex", "age", "year", "estimate", "allAges", "total", "ageColumn", "yearColumn")
_GROUPS = {"ageColumn": {"sex", "age"}, "yearColumn": {"year"}}
_KEYS = {"fileNamePattern", "fileNameExample", "columns", "yearInWords", "sexInWords", "sexes", "periodFileName"}


@dataclass(frozen=True)
class TableOfEstimates:
    """How such a table is recognised, and named when it is cut into a file a year in the document's own columns."""

    file_name_pattern: re.Pattern[str]
    """Names under which a file in the feed's folder is such a table."""
    file_name_example: str
    """The name that one gets which came under another."""
    columns: Mapping[str, tuple[re.Pattern[str], ...]]
    """What a column is to the patterns of its header, the ones that are looked for first before the others."""
    year_in_words: re.Pattern[str]
    """The year in the name of a sheet or file, or in the lines above a header; its group is `year`."""
    sex_in_words: re.Pattern[str]
    """The sex in the name of a sheet, or in the lines above a header; its group is `sex`."""
    sexes: Mapping[str, str]
    """How a sex is written, in lower case, to how the document writes it."""
    period_file_name: str
    """Name of the file of one year, with `{year}`, `{areas}` and `{latest}`, the last year that the table holds."""

    def example(self, year: str | None, suffix: str) -> str:
        """Return the name that a table gets, with its year where nothing in the table tells it."""
        name = self.file_name_example
        told = self.year_in_words.search(name)
        if told and not year:
            name = name.replace(f"-{told[0]}", "")
        elif told and year:
            name = name.replace(told["year"], year)
        return str(Path(name).with_suffix(suffix)) if suffix else name

    def sex(self, word: str) -> str | None:
        """Return a sex as the document writes it; None where the word is none."""
        return self.sexes.get(" ".join(word.casefold().split()))


def plain_words(header: str) -> str:
    """Return a header in lower case, with one blank for all that is no letter, digit or plus."""
    return " ".join(re.sub(r"[^a-z0-9+]+", " ", header.replace("\ufeff", "").casefold()).split())


def table_of_estimates(custom: Mapping[str, Any]) -> TableOfEstimates | None:
    """Return what the custom properties of a document say."""
    if _NAME not in custom:
        return None
    sent = custom[_NAME]
    if not isinstance(sent, dict) or sent.keys() != _KEYS:
        raise Mistake(_NAME, f"is {sent!r}", f"Give a mapping of {', '.join(sorted(_KEYS))}.")
    columns = sent["columns"]
    if not isinstance(columns, dict) or columns.keys() != set(_COLUMNS):
        raise Mistake(f"{_NAME}.columns", f"is {columns!r}", f"Give a mapping of {', '.join(_COLUMNS)}.")
    patterns = {name: _patterns(columns[name], f"{_NAME}.columns.{name}") for name in _COLUMNS}
    for name, groups in _GROUPS.items():
        if not all(groups <= one.groupindex.keys() for one in patterns[name]):
            raise Mistake(f"{_NAME}.columns.{name}", f"lacks {', '.join(sorted(groups))}", "Give it named groups.")
    pattern = values.pattern(sent["fileNamePattern"], f"{_NAME}.fileNamePattern")
    example = values.text(sent["fileNameExample"], f"{_NAME}.fileNameExample")
    if not pattern.fullmatch(example):
        raise Mistake(f"{_NAME}.fileNameExample", "does not fit fileNamePattern", "Correct one of them.")
    sexes = sent["sexes"]
    if not isinstance(sexes, dict):
        raise Mistake(f"{_NAME}.sexes", f"is {sexes!r}", "Give a list of words for each sex of the document.")
    return TableOfEstimates(
        file_name_pattern=pattern,
        file_name_example=example,
        columns=patterns,
        year_in_words=_grouped(sent["yearInWords"], "year", f"{_NAME}.yearInWords"),
        sex_in_words=_grouped(sent["sexInWords"], "sex", f"{_NAME}.sexInWords"),
        sexes={
            word.casefold(): sex for sex, words in sexes.items() for word in values.texts(words, f"{_NAME}.sexes.{sex}")
        },
        period_file_name=values.text(sent["periodFileName"], f"{_NAME}.periodFileName"),
    )


def _patterns(sent: object, key: str) -> tuple[re.Pattern[str], ...]:
    return tuple(values.pattern(one, key) for one in values.texts(sent, key))


def _grouped(sent: object, group: str, key: str) -> re.Pattern[str]:
    pattern = values.pattern(sent, key)
    if group not in pattern.groupindex:
        raise Mistake(key, f"has no group {group!r}", "Name what it tells.")
    return pattern
