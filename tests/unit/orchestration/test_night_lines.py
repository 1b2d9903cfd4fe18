"""What a night says on the terminal: a line a feed, the warnings in a table, what to do next."""

from dataclasses import replace

from orchestration.assets.intake import feed_line
from orchestration.cli.summary import next_steps, warning_lines
from orchestration.dbt.progress import built_line
from orchestration.night_warning import NightWarning
from sources.contract.load import load_contracts
from sources.intake.take_in import IntakeResult
from sources.ledger.receipts import Receipt
from sources.reasons.reason import reason
from tests.unit.sources.test_ledger import FACTS

POLICE = NightWarning(
    "police/incidents: much of it",
    "police/incidents",
    {"refused": 1, "partly accepted": 12, "in quarantine": 1},
    ("police/incidents leicestershire 2006-08, receipt 395: Missing column 'Created'.",),
)
LATE = NightWarning("police/incidents: May 2011 overdue", "police/incidents", {"overdue periods": 3})
FIRE = NightWarning("fire/incidents: 1 of 225 rows", "fire/incidents", {"partly accepted": 1})
COUNTED_BY_INTAKE = ("receipt_number", "outcome", "rows_accepted", "rows_rejected")
CLOCK = NightWarning("the clock of this machine says 2001")


def test_a_feed_is_a_line() -> None:
    contract = load_contracts()["police/street_crime"]
    taken, part, refused, again = (
        Receipt(**{**FACTS, **dict(zip(COUNTED_BY_INTAKE, counted, strict=True))})  # type: ignore[arg-type]
        for counted in (
            (1, "accepted", 1200, 0),
            (2, "partly_accepted", 39, 1),
            (3, "refused", 0, 7),
            (4, "duplicate", 1200, 2),
        )
    )
    assert feed_line(contract, IntakeResult((), ())) == ""
    assert feed_line(contract, IntakeResult((taken,), ())) == "police/street_crime: 1 delivery, 1,200 rows accepted"
    assert feed_line(contract, IntakeResult((taken, part, refused, again), ())) == (
        "police/street_crime: 4 deliveries, 1,239 rows accepted, 8 rejected, 1 refused, 1 known already"
    )
    withdrawn = replace(again, reasons=[reason("same_bytes_withdrawn", receipt=9, day="2024-05-01", why="wrong")])
    assert feed_line(contract, IntakeResult((withdrawn,), ())) == (
        "police/street_crime: 1 delivery, 0 rows accepted, "
        "1 not taken: the bytes of receipt 9, withdrawn (`csp accept`)"
    )


def test_warnings_are_a_table_by_feed_and_refusals_have_their_reason() -> None:
    assert list(warning_lines([POLICE, LATE, FIRE, CLOCK], in_full=False)) == [
        "refused: police/incidents leicestershire 2006-08, receipt 395: Missing column 'Created'.",
        "warnings          refused  partly accepted  in quarantine  overdue periods",
        "police/incidents        1               12              1                3",
        "fire/incidents                           1",
        "warning: the clock of this machine says 2001",
    ]
    assert list(warning_lines([], in_full=False)) == []
    assert list(warning_lines([LATE, CLOCK], in_full=True)) == [
        "warning: police/incidents: May 2011 overdue",
        "warning: the clock of this machine says 2001",
    ]


def test_what_to_do_next_is_said_once_the_most_pressing_first() -> None:
    held = next_steps("held", [POLICE, FIRE, LATE])
    assert [step.split("`")[1] for step in held] == [
        "csp ui",
        "csp rejected --feed police/incidents",
        "csp rejected --feed FEED",
        "csp quarantine",
        "csp doctor",
    ]
    assert next_steps("nothing new", []) == []
    assert next_steps("published", []) == ["next: `csp report --open` opens the pages of the release"]


def test_a_build_is_a_line() -> None:
    results = [("model.a", "success"), ("model.b", "error"), ("test.c", "pass"), ("test.d", "fail"), ("test.e", "warn")]
    results.append(("exposure.f", "no-op"))
    told = built_line({"results": [{"unique_id": name, "status": status} for name, status in results]})
    assert told == "dbt: 1 models built, 1 checks passed; 1 models not built; 2 checks not passed"
