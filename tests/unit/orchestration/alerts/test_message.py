"""What is told of a night, in words: each trouble once, for how many nights, and nothing of a quiet night."""

from dataclasses import replace
from datetime import date

import pytest

from orchestration.alerts.facts import LateReturns, NightEnd, Quarantined, Signal, Standing
from orchestration.alerts.message import sections, text_of
from orchestration.alerts.settings import Event
from sources.ledger.lateness import MissingReturn


def night(day: int, outcome: str, reason: str = "2 check(s) failed: a on marts/b") -> NightEnd:
    return NightEnd(outcome, reason, date(2026, 11, day), f"run-{day}")


def missing(month: int, end: date) -> MissingReturn:
    return MissingReturn(
        "police/recorded_crime", "leicestershire", False, date(2026, month, 1), end, date(2026, month + 1, 14)
    )


LATE = LateReturns(
    agency="police",
    feed="police/recorded_crime",
    title="Recorded crime",
    owner="Leicestershire Police",
    supplier="leicestershire",
    file_name_example="2008-04-leicestershire-melton-recorded-crime.csv",
    periods=(missing(8, date(2026, 8, 31)), missing(9, date(2026, 9, 30))),
)
SIGNAL = Signal("NI16-COUNT", "Crimes", "E07000133", "Melton", "2026-10", "outside the limits", "worsening", True)
QUARANTINED = Quarantined("pct/hospital_admissions, receipt 331", date(2026, 12, 27))
NOTHING = Standing()
STANDING = Standing((LATE,), (SIGNAL,), (QUARANTINED,))


def headlines(*nights: NightEnd, standing: Standing = NOTHING, told: frozenset[str] = frozenset()) -> list[str]:
    return [section.headline for section in sections(nights, standing, told)]


@pytest.mark.parametrize(
    ("nights", "headline"),
    [
        ([night(27, "held")], "held"),
        ([night(27, "held"), night(27, "held"), night(26, "published")], "held"),
        (
            [night(27, "held"), night(26, "held"), night(25, "held"), night(24, "published"), night(23, "held")],
            "held for 3 nights, since 25 November 2026",
        ),
        ([night(27, "failed"), night(26, "failed"), night(25, "held")], "failed for 2 nights, since 26 November 2026"),
        ([night(27, "published"), night(26, "held"), night(25, "held")], "well again after 2 nights held"),
        ([night(27, "nothing new"), night(26, "failed")], "well again after 1 night failed"),
    ],
)
def test_the_end_of_a_night_is_told_with_the_nights_like_it(nights: list[NightEnd], headline: str) -> None:
    assert headlines(*nights) == [headline]


@pytest.mark.parametrize("outcome", ["published", "nothing new"])
def test_nothing_is_told_of_a_good_night_after_another(outcome: str) -> None:
    assert headlines(night(27, outcome), night(26, "published")) == []
    assert headlines() == []


def test_a_held_night_says_why_and_what_to_do() -> None:
    (section,) = sections([night(27, "held")], Standing(), ())
    assert section.event == Event.held
    assert "ended held: 2 check(s) failed: a on marts/b.\nRun run-27.\nReaders see the last release." in section.text


def test_what_stands_is_told_once_and_again_when_it_has_gone_and_comes_back() -> None:
    new = ["1 supplier late", "1 first signal of control charts", "1 file in quarantine"]
    assert headlines(night(27, "published"), standing=STANDING) == new
    assert headlines(night(28, "published"), standing=STANDING, told=frozenset(STANDING.keys)) == []
    without = frozenset(STANDING.keys - set(replace(STANDING, signals=()).keys))
    assert headlines(night(29, "published"), standing=STANDING, told=without) == [new[0], new[2]]


def test_a_period_that_becomes_late_is_told_beside_those_told_before() -> None:
    before = frozenset(list(LATE.keys)[:1])
    (section,) = sections([], Standing((LATE,)), before)
    assert section.text.endswith("(Leicestershire Police): September 2026, and 1 told before")


def test_a_reminder_is_ready_to_be_sent() -> None:
    (section,) = sections([], Standing((LATE,)), ())
    (reminder,) = section.reminders
    assert (reminder.agency, reminder.subject) == (
        "police",
        "Overdue: Recorded crime, August 2026 to September 2026, 2 in all",
    )
    assert "  August 2026, which was due on 14 September 2026\n  September 2026, which was due" in reminder.text
    assert "2008-04-leicestershire-melton-recorded-crime.csv" in reminder.text
    assert reminder.text in text_of([section], with_reminders=True)
    assert reminder.text not in text_of([section], with_reminders=False)


def test_a_reminder_of_many_periods_names_the_first_and_the_last() -> None:
    many = replace(LATE, periods=tuple(missing(8, date(2026, 8, 31)) for _ in range(9)))
    (section,) = sections([], Standing((many,)), ())
    assert "  and 3 more, the last of them August 2026\n" in section.reminders[0].text


def test_a_signal_carries_its_flags() -> None:
    (section,) = sections([], Standing(signals=(SIGNAL,)), ())
    assert section.text.endswith(
        "- Melton, Crimes (NI16-COUNT), 2026-10: worsening; outside the limits (made-up sample)"
    )
    (many,) = sections([], Standing(signals=(SIGNAL,) * 15), ())
    assert "- and 3 more: " in many.text
