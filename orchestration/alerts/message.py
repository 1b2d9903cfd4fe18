"""What is told, in words: pure functions of how a night ended and of what stands after it."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from orchestration.alerts.facts import LateReturns, NightEnd, Quarantined, Signal, Standing
from orchestration.alerts.settings import Event
from sources.ledger.lateness import MissingReturn

PERIODS_NAMED = 6
SIGNALS_NAMED = 12
_OUTCOMES = {"held": Event.held, "failed": Event.failed}
_GOOD = {"published", "nothing new"}
_NEXT = {
    Event.held: "Readers see the last release. `csp doctor` and the run in the UI show the rows; docs/failures.md says "
    "what to do.",
    Event.failed: "Readers see the last release. `csp doctor` says what is broken; docs/failures.md says what to do.",
}


@dataclass(frozen=True)
class Reminder:
    """A letter to an agency, ready to be sent."""

    agency: str
    subject: str
    text: str


@dataclass(frozen=True)
class Section:
    """One thing to tell."""

    event: Event
    headline: str
    text: str
    reminders: tuple[Reminder, ...] = ()


def sections(ends: Sequence[NightEnd], standing: Standing, told: Collection[str]) -> list[Section]:
    """Return what is to be told after a night.

    Args:
        ends: how the nights ended, the one that is told of first.
        standing: what stands after it.
        told: the keys of what was told before.
    """
    return [
        *_of_the_end(ends),
        *_of_late(standing.late, told),
        *_of_signals([one for one in standing.signals if one.key not in told]),
        *_of_quarantine([one for one in standing.quarantined if one.key not in told]),
    ]


def _of_the_end(ends: Sequence[NightEnd]) -> Iterator[Section]:
    if not ends:
        return
    end = ends[0]
    if event := _OUTCOMES.get(end.outcome):
        days = _days_like(ends, end.outcome)
        nights = f" for {len(days)} nights, since {days[-1]:%d %B %Y}" if len(days) > 1 else ""
        run = f"\nRun {end.run_id}." if end.run_id else ""
        text = f"The night of {end.day:%d %B %Y} ended {end.outcome}{nights}: {end.reason}.{run}\n{_NEXT[event]}"
        yield Section(event, f"{end.outcome}{nights}", text)
    elif end.outcome in _GOOD and len(ends) > 1 and ends[1].outcome in _OUTCOMES:
        days = _days_like(ends[1:], ends[1].outcome)
        after = f"after {len(days)} night{'s' if len(days) > 1 else ''} {ends[1].outcome}"
        yield Section(Event.recovered, f"well again {after}", f"{end.outcome}: {end.reason}, {after}.")


def _days_like(ends: Sequence[NightEnd], outcome: str) -> list[date]:
    """Return the days of the latest nights in a row that ended so, the latest first."""
    days = []
    for end in ends:
        if end.outcome != outcome:
            break
        days.append(end.day)
    return list(dict.fromkeys(days))


def _of_late(late: Sequence[LateReturns], told: Collection[str]) -> Iterator[Section]:
    new = [one for one in late if any(key not in told for key in one.keys)]
    if not new:
        return
    lines = []
    for one in new:
        fresh = [period for key, period in one.keys.items() if key not in told]
        before = len(one.periods) - len(fresh)
        more = f", and {before} told before" if before else ""
        lines.append(f"- {one.feed} of {one.supplier} ({one.owner}): {_periods(fresh)}{more}")
    agencies = len({(one.agency, one.supplier) for one in new})
    headline = f"{agencies} supplier{'s' if agencies > 1 else ''} late"
    yield Section(Event.late, headline, "\n".join(["Overdue:", *lines]), tuple(map(reminder, new)))


def reminder(late: LateReturns) -> Reminder:
    """Return a letter that asks for all that a supplier of a feed owes."""
    lines = [f"  {_period(one)}, which was due on {one.due_on:%d %B %Y}" for one in late.periods[:PERIODS_NAMED]]
    if more := len(late.periods) - PERIODS_NAMED:
        lines += [f"  and {more} more, the last of them {_period(late.periods[-1])}"] if more > 0 else []
    text = "\n".join(
        [
            f"To {late.owner}",
            "",
            f'We have not received your return "{late.title}" for',
            *lines,
            "",
            f"Please send it named as usual, as in {late.file_name_example}. Until it comes, the partnership's figures "
            "for the period are shown as incomplete. If there is nothing to send, please tell us.",
        ]
    )
    return Reminder(late.agency, f"Overdue: {late.title}, {_periods(late.periods)}", text)


def _periods(periods: Sequence[MissingReturn]) -> str:
    first = _period(periods[0])
    return first if len(periods) == 1 else f"{first} to {_period(periods[-1])}, {len(periods)} in all"


def _period(one: MissingReturn) -> str:
    if (one.period_start.year, one.period_start.month) == (one.period_end.year, one.period_end.month):
        return f"{one.period_start:%B %Y}"
    return f"{one.period_start:%B %Y} to {one.period_end:%B %Y}"


def _of_signals(signals: Sequence[Signal]) -> Iterator[Section]:
    if not signals:
        return
    lines = [_signal_line(one) for one in signals[:SIGNALS_NAMED]]
    if more := len(signals) - len(lines):
        lines.append(f'- and {more} more: `csp query "from control_charts where is_signal"`')
    headline = f"{len(signals)} first signal{'s' if len(signals) > 1 else ''} of control charts"
    yield Section(Event.signal, headline, "\n".join(["More than noise, after a steady month:", *lines]))


def _signal_line(one: Signal) -> str:
    made_up = " (made-up sample)" if one.is_synthetic else ""
    what = f"{one.area_name}, {one.indicator_name} ({one.indicator_code}), {one.period}"
    return f"- {what}: {one.state}; {one.rules}{made_up}"


def _of_quarantine(quarantined: Sequence[Quarantined]) -> Iterator[Section]:
    if not quarantined:
        return
    lines = [f"- {one.name}, until {one.until:%d %B %Y}" for one in quarantined]
    headline = f"{len(lines)} file{'s' if len(lines) > 1 else ''} in quarantine"
    told = "Personal data that is not agreed; `csp quarantine` lists what to do:"
    yield Section(Event.quarantine, headline, "\n".join([told, *lines]))


def subject_of(name: str, told: Sequence[Section]) -> str:
    """Return the subject of a message, in one line."""
    return f"{name}: {'; '.join(section.headline for section in told)}"


def text_of(told: Sequence[Section], with_reminders: bool) -> str:
    """Return the text of a message; with reminders where it cannot carry them as letters of their own."""
    parts = []
    for section in told:
        parts.append(section.text)
        if with_reminders:
            parts += [f"Ready to send, {one.subject}\n\n{one.text}" for one in section.reminders]
        elif section.reminders:
            parts.append("A reminder to each, ready to be sent, is attached.")
    return "\n\n".join(parts) + "\n"


def file_name_of(reminder: Reminder, number: int) -> str:
    """Return the name under which a reminder is attached."""
    return f"reminder-{number}-{re.sub(r'[^a-z0-9]+', '-', reminder.agency.lower())}.eml"
