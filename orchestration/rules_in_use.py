"""The rules that figures are computed by, as a release keeps them, and which of them changed between two releases."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orchestration.provenance import digests_of_rules
from sources.partnership.folder import partnership_folder
from sources.partnership.read import as_text, read_table
from sources.partnership.tables import DEFINED_BY, tables

Rules = Mapping[str, Any]
"""`lists`: by list, by key, the columns of each row that are filled in; `files`: the digest of every other rule."""
WORDS = {"title", "plan_wording", "definition", "definition_status", "definition_version", "source", "collector"}
"""Columns that no figure is computed from."""
_LONGEST_TOLD = 40
_KEPT_OTHERWISE = ("dbt_project/catalogue/", "catalogue/")
"""Where the lists are whose rows are kept one by one."""


@dataclass(frozen=True)
class ChangedRule:
    """A row of a list that is new, gone or another, and the indicators that it defines; none where that is not known.

    `where` is the list, `key` the row's key and `what` the change, in words.
    """

    where: str
    key: str
    what: str
    indicators: frozenset[str]
    counts: bool = True
    """Whether more than words changed."""

    def __str__(self) -> str:
        return f"{self.where.replace('_', ' ')}, {self.key}: {self.what}"


def rules_in_use() -> dict[str, Any]:
    """Return the rows of the national lists with the partnership's own, and a digest of each other file of the rules.

    Raises:
        FolderError: the partnership's folder cannot be used.
    """
    own = partnership_folder()
    lists = {}
    for name, table in tables().items():
        if not table.of_a_plan:
            rows = [row.values for row in read_table(own, table).rows]
            lists[name] = {" / ".join(as_text(row[column]) for column in table.key): _filled(row) for row in rows}
    files = {name: digest for name, digest in digests_of_rules().items() if not name.startswith(_KEPT_OTHERWISE)}
    return {"lists": lists, "files": files}


def changed_rules(before: Rules, now: Rules) -> list[ChangedRule]:
    """Return the rows of lists that differ, by list and key."""
    measures, sums = _indicators_by_measure(before, now), _sums_of(before, now)
    return [
        ChangedRule(name, key, _what(was, is_now), _indicators(was or is_now, measures, sums), _counts(was, is_now))
        for name in sorted({*before["lists"], *now["lists"]})
        for key, was, is_now in _pairs(before["lists"].get(name, {}), now["lists"].get(name, {}))
        if was != is_now
    ]


def changed_files(before: Rules, now: Rules) -> list[str]:
    """Return the names of other files that are new, gone or of other bytes: models, lists and contracts."""
    return [name for name, was, is_now in _pairs(before["files"], now["files"]) if was != is_now]


def told_of_changes(before: Rules, now: Rules) -> str:
    """Return how many rules changed, in words; nothing where none did."""
    lists = Counter(row.where.replace("_", " ") for row in changed_rules(before, now))
    told = [f"{count} row(s) of {name}" for name, count in sorted(lists.items())]
    files = changed_files(before, now)
    return ", ".join([*told, *([f"{len(files)} other file(s)"] if files else [])])


def _pairs(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    return ((key, before.get(key), now.get(key)) for key in sorted({*before, *now}))


def _filled(row: Mapping[str, Any]) -> dict[str, str]:
    return {column: as_text(value) for column, value in row.items() if value is not None and column != DEFINED_BY}


def _what(was: Mapping[str, str] | None, now: Mapping[str, str] | None) -> str:
    if was is None:
        return "new"
    if now is None:
        return "no longer there"
    return "; ".join(_difference(column, was.get(column, ""), now.get(column, "")) for column in _differing(was, now))


def _difference(column: str, was: str, now: str) -> str:
    if max(len(was), len(now)) > _LONGEST_TOLD:
        return f"another {column.replace('_', ' ')}"
    return f"{column.replace('_', ' ')} is {now or 'empty'}, was {was or 'empty'}"


def _differing(was: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return [column for column in {**was, **now} if was.get(column) != now.get(column)]


def _counts(was: Mapping[str, str] | None, now: Mapping[str, str] | None) -> bool:
    return was is None or now is None or not WORDS.issuperset(_differing(was, now))


def _indicators(
    row: Mapping[str, str], measures: Mapping[str, set[str]], sums: Mapping[str, set[str]]
) -> frozenset[str]:
    named = {row["indicator_code"]} if "indicator_code" in row else set()
    named |= measures.get(row.get("measure_code", ""), set())
    return frozenset(named.union(*(sums.get(code, set()) for code in named)))


def _sums_of(*rules: Rules) -> dict[str, set[str]]:
    """Return of which sums and gaps each indicator is a part."""
    parts = {"indicator_sums": ["part_indicator"], "indicator_gaps": ["minuend_indicator", "subtrahend_indicator"]}
    sums: dict[str, set[str]] = {}
    for one in rules:
        for name, columns in parts.items():
            for row in one["lists"].get(name, {}).values():
                for column in columns:
                    sums.setdefault(row[column], set()).add(row["indicator_code"])
    return sums


def _indicators_by_measure(*rules: Rules) -> dict[str, set[str]]:
    """Return which indicators each measure is the numerator or denominator of."""
    by_measure: dict[str, set[str]] = {}
    for one in rules:
        for code, row in one["lists"].get("indicator_catalogue", {}).items():
            for column in ("numerator_measure", "denominator_measure"):
                if measure := row.get(column):
                    by_measure.setdefault(measure, set()).add(code)
    return by_measure


def reasons_by_indicator(rules: Sequence[ChangedRule]) -> dict[str, list[str]]:
    """Return the changed rows that define each indicator."""
    reasons: dict[str, list[str]] = {}
    for rule in rules:
        for indicator in sorted(rule.indicators) if rule.counts else ():
            reasons.setdefault(indicator, []).append(str(rule))
    return reasons
