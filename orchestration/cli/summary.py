"""The last lines of a night: what was refused, the warnings in a table, and what to do next. Pure functions."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from orchestration.night_warning import COUNTED, NightWarning

_REMEDIES = {
    "refused": "`csp rejected --feed {feed}` exports what was refused, to send back to the agency",
    "partly accepted": "`csp rejected --feed {feed}` exports the rejected rows",
    "in quarantine": "`csp quarantine` lists the files with personal data that nobody agreed, and what to do with them",
    "not read": "`csp doctor` names the files that were not read",
    "overdue periods": "ask the agencies for what is overdue; `csp doctor` lists it",
}
_AFTER = {
    "published": "`csp report --open` opens the pages of the release",
    "held": "docs/failures.md says what to do; in `csp ui` a failed check shows its rows",
    "failed": "`csp doctor` says what is broken; docs/failures.md says what to do",
}


def warning_lines(warnings: Sequence[NightWarning], in_full: bool) -> Iterator[str]:
    """Yield each refused delivery with its reason, a table of what was counted by feed, and every other warning.

    With `in_full` every warning is said in its own words instead.
    """
    if in_full:
        yield from (f"warning: {one.text}" for one in warnings)
        return
    yield from (f"refused: {told}" for one in warnings for told in one.refused)
    yield from _table(warnings)
    yield from (f"warning: {one.text}" for one in warnings if not one.counts)


def _table(warnings: Sequence[NightWarning]) -> Iterator[str]:
    by_feed: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for one in warnings:
        if one.feed and one.counts:
            by_feed[one.feed] |= one.counts
    shown = [name for name in COUNTED if any(name in counts for counts in by_feed.values())]
    if not shown:
        return
    wide = max(len("warnings"), *map(len, by_feed))
    yield "  ".join(["warnings".ljust(wide), *shown])
    for feed, counts in by_feed.items():
        cells = [f"{counts.get(name) or '':>{len(name)},}" if counts.get(name) else " " * len(name) for name in shown]
        yield "  ".join([feed.ljust(wide), *cells]).rstrip()


def next_steps(status: str, warnings: Sequence[NightWarning]) -> list[str]:
    """Return what to do after a night, the most pressing first, each once."""
    steps = [_AFTER[status]] if status in {"held", "failed"} else []
    for name, remedy in _REMEDIES.items():
        feeds = [one.feed for one in warnings if one.feed and one.counts.get(name)]
        if feeds:
            steps.append(remedy.format(feed=feeds[0] if len(feeds) == 1 else "FEED"))
    steps += [_AFTER[status]] if status == "published" else []
    return [f"next: {step}" for step in dict.fromkeys(steps)]
