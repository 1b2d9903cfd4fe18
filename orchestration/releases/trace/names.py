"""What a person calls an indicator, an area or a period, and the one that the release knows by it."""

from collections.abc import Sequence
from difflib import SequenceMatcher

import duckdb

from orchestration.releases.model import ReleaseError

LISTED = 20


class TraceError(ReleaseError):
    """There is no such figure in the current release, or it does not add up; the message says what there is."""


def resolve(connection: duckdb.DuckDBPyConnection, indicator: str, area: str, period: str) -> tuple[str, str, str]:
    """Return the codes and the label of the one published figure that three names fit.

    An indicator or an area may be given by its code, its name or words of them, a period by its label or words of it.
    Areas are those where the indicator is published, periods those of the indicator and the area.

    Raises:
        TraceError: several fit a name, and are listed, or none does, and the nearest are named.
    """
    indicator_code = _one(
        indicator,
        "indicator",
        connection.execute(
            "select distinct indicator_code, title from indicator_values join indicators using (indicator_code) "
            "order by 1"
        ).fetchall(),
        missing=_why_not_published(connection, indicator),
    )
    if told := _without_figures(connection, indicator_code, area):
        raise TraceError(told)
    area_code = _one(
        area,
        "area",
        connection.execute(
            "select distinct area_code, area_name, area_level from indicator_values where indicator_code = ? "
            "order by 1",
            [indicator_code],
        ).fetchall(),
        of=f" with figures of {indicator_code}",
    )
    period_label = _one(
        period,
        "period",
        connection.execute(
            "select period_label from indicator_values where indicator_code = ? and area_code = ? "
            "group by period_label order by min(period_start), period_label",
            [indicator_code, area_code],
        ).fetchall(),
        of=f" of {indicator_code} in {area_code}",
    )
    return indicator_code, area_code, period_label


def _one(given: str, kind: str, known: Sequence[tuple[str, ...]], of: str = "", missing: str = "") -> str:
    """Return the code of the one of `known` (code, name, what else describes it) that a name fits."""
    wanted = given.strip().lower()
    for fits in (
        [row for row in known if row[0].lower() == wanted],
        [row for row in known if kind == "indicator" and _squeezed(row[0]) == _squeezed(wanted)],
        [row for row in known if row[1:] and row[1].lower() == wanted],
        [row for row in known if all(word in " ".join(row).lower() for word in wanted.split())] if wanted else [],
    ):
        if len(fits) == 1:
            return fits[0][0]
        if fits:
            more = f"\n  and {len(fits) - LISTED} more" if len(fits) > LISTED else ""
            listed = "".join("\n  " + "  ".join(row) for row in fits[:LISTED])
            raise TraceError(f"{given!r} fits {len(fits)} {kind}s{of}; give one of them:{listed}{more}")
    if missing:
        raise TraceError(missing)
    nearest = sorted(known, key=lambda row: -max(_likeness(wanted, name) for name in row[:2]))[:5]
    raise TraceError(f"no {kind} {given!r}{of} in this release; the nearest: " + ", ".join(map(_told, nearest)))


def _told(row: tuple[str, ...]) -> str:
    return f"{row[0]} ({row[1]})" if row[1:] else row[0]


def _squeezed(text: str) -> str:
    """Return a code without the blanks and dashes that people put into it or leave out: NI 17 is NI17."""
    return "".join(character for character in text.lower() if character.isalnum() or character == ".")


def _likeness(wanted: str, name: str) -> float:
    return SequenceMatcher(None, wanted, name.lower()).ratio()


def _without_figures(connection: duckdb.DuckDBPyConnection, indicator_code: str, given: str) -> str:
    """Say that the areas of a code or whole name have no figure of an indicator; '' where one has, or there is none."""
    areas = connection.execute(
        "select area_code, area_name, "
        "area_code in (select area_code from indicator_values where indicator_code = $code) "
        "from areas where $given in (lower(area_code), lower(area_name)) order by 1",
        {"code": indicator_code, "given": given.strip().lower()},
    ).fetchall()
    if not areas or any(has_figures for *_, has_figures in areas):
        return ""
    (feed,) = connection.execute(
        "select source_feed from indicators where indicator_code = ?", [indicator_code]
    ).fetchone() or (None,)
    named = ", ".join(f"{name} ({code})" for code, name, _ in areas)
    return (
        f"{indicator_code} has no figure in {named}: nothing of {feed or 'what it is computed from'} counts there. "
        "Nothing was delivered, or it is published for other levels of area"
    )


def _why_not_published(connection: duckdb.DuckDBPyConnection, given: str) -> str:
    """Say why an indicator of the catalogue has no figure; '' where the catalogue does not know it."""
    for code, availability, reason, feed in connection.execute(
        "select indicator_code, availability, availability_reason, source_feed from indicators order by 1"
    ).fetchall():
        if _squeezed(code) == _squeezed(given):
            why = _WHY.get(availability, availability.replace("_", " ")).format(feed=feed or "what it is computed from")
            return f"{code} has no figure in this release: {why}{f' ({reason})' if reason else ''}"
    return ""


_WHY = {
    "no data": (
        "nothing of {feed} counts for a month that had ended by the release's date. Nothing was delivered, or it was "
        "refused or withdrawn, or nobody has said which area its supplier answers for: `csp doctor` names which"
    ),
    "data": "{feed} was delivered and none of its rows counts for it: see the tables row_accounts and unknown_codes",
}
"""Why an indicator that is computed has no figure, by its availability."""
