"""A supplier owes every period from its first on; what is overdue is so the day after due day and slack."""

import dataclasses
import re
from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from sources.contract.load import Contract, load_contracts
from sources.contract.months import months_later
from sources.ledger.lateness import due_of, missing_returns, overdue
from sources.ledger.receipts import Receipt

FEED = "police/street_crime"
MONTHLY = dataclasses.replace(load_contracts()[FEED], due_days=30, slack_days=5)
QUARTERLY = dataclasses.replace(MONTHLY, months_per_period=3)
YEARLY = dataclasses.replace(MONTHLY, months_per_period=12)
ENDED = dataclasses.replace(
    MONTHLY, variant="paper", file_name_pattern=re.compile(r".*-paper\.csv"), last_day="2022-02-28", due_days=10
)


def receipt(start: str, months: int = 1, supplier: str | None = "leicestershire", **facts: object) -> Receipt:
    end = months_later(date.fromisoformat(start), months) - timedelta(days=1)
    blank = {field.name: None for field in dataclasses.fields(Receipt)}
    told = {"agency": "police", "feed": "street_crime", "supplier": supplier, "period_start": start}
    made = {"period_end": end.isoformat(), "file_name": "x.csv", "is_synthetic": False}
    return Receipt(**{**blank, **told, **made, **facts})  # type: ignore[arg-type]


def missing(contract: Contract, day: str, *standing: Receipt) -> list[str]:
    return [str(one.period_start) for one in missing_returns({FEED: contract}, standing, date.fromisoformat(day))]


def months(*starts: str) -> Iterable[Receipt]:
    return (receipt(start) for start in starts)


def test_a_month_is_overdue_the_day_after_due_day_and_slack() -> None:
    # February 2022 ends on the 28th; 30 days end on 30 March, 5 more on 4 April.
    assert missing(MONTHLY, "2022-04-04", *months("2022-01-01")) == []
    [late] = missing_returns({FEED: MONTHLY}, months("2022-01-01"), date(2022, 4, 5))
    assert (late.period_start, late.period_end, late.due_on) == (date(2022, 2, 1), date(2022, 2, 28), date(2022, 3, 30))


def test_what_came_on_the_last_day_before_it_is_missing_is_not_late() -> None:
    due = due_of(receipt("2022-02-01"), {FEED: MONTHLY})
    assert due
    assert missing(MONTHLY, str(due.in_time_until), *months("2022-01-01")) == []
    assert missing(MONTHLY, str(due.in_time_until + timedelta(days=1)), *months("2022-01-01")) == ["2022-02-01"]


def test_a_delivery_is_due_under_the_document_of_its_file() -> None:
    feed = dataclasses.replace(MONTHLY, variants=(ENDED,))
    named = {name: due_of(receipt("2022-02-01", file_name=name), {FEED: feed}) for name in ("x.csv", "a-paper.csv")}
    assert {name: due and str(due.on) for name, due in named.items()} == {
        "x.csv": "2022-03-30",
        "a-paper.csv": "2022-03-10",
    }
    assert due_of(receipt("2022-02-01", period_end=None), {FEED: feed}) is None
    assert due_of(receipt("2022-02-01"), {}) is None


def test_a_gap_is_missed_and_a_delivered_month_is_not() -> None:
    assert missing(MONTHLY, "2022-06-10", *months("2022-01-01", "2022-03-01", "2022-04-01")) == ["2022-02-01"]


@pytest.mark.parametrize(
    ("contract", "day", "first", "owed"),
    [
        (QUARTERLY, "2021-12-31", receipt("2021-04-01", 3), ["2021-07-01"]),
        (
            dataclasses.replace(MONTHLY, months_per_period=4, period_start_month=4),
            "2010-06-01",
            receipt("2009-04-01", 4),
            ["2009-08-01", "2009-12-01"],
        ),
    ],
)
def test_longer_periods_are_owed_in_their_steps(contract: Contract, day: str, first: Receipt, owed: list[str]) -> None:
    assert missing(contract, day, first) == owed


def test_each_supplier_owes_for_itself_and_nobody_owes_before_a_first_delivery() -> None:
    standing = [receipt("2022-01-01"), receipt("2022-03-01", supplier="rutland"), receipt("2021-01-01", supplier=None)]
    late = missing_returns({FEED: MONTHLY}, standing, date(2022, 5, 6))
    assert [(one.supplier, str(one.period_start)) for one in late] == [
        ("leicestershire", "2022-02-01"),
        ("leicestershire", "2022-03-01"),
    ]
    assert missing(MONTHLY, "2022-05-06") == []


def test_made_up_series_end_with_the_last_of_any_and_nobody_is_asked_for_them() -> None:
    standing = [
        receipt("2022-01-01", is_synthetic=True),
        receipt("2022-04-01", is_synthetic=True, supplier="cumbria"),
        receipt("2022-09-01"),
    ]
    late = missing_returns({FEED: MONTHLY}, standing, date(2022, 12, 31))
    assert [(one.is_synthetic, str(one.period_start)) for one in late] == [
        *((True, f"2022-0{month}-01") for month in (2, 3, 4)),
        (False, "2022-10-01"),
    ]
    assert [str(one.period_start) for one in overdue({FEED: MONTHLY}, standing, date(2022, 12, 31))] == ["2022-10-01"]


def test_a_series_that_ended_is_owed_to_its_end_unless_another_form_goes_on() -> None:
    feed = dataclasses.replace(MONTHLY, variants=(ENDED,))
    paper = receipt("2022-01-01", file_name="2022-01-paper.csv")
    assert missing(feed, "2022-09-01", paper) == ["2022-02-01"]
    assert missing(feed, "2022-06-07", paper, receipt("2022-03-01")) == ["2022-02-01", "2022-04-01"]


def test_returns_that_overlap_have_no_gaps() -> None:
    rolling = [receipt("2020-04-01", 12), receipt("2020-07-01", 12)]
    assert missing(YEARLY, "2023-12-31", *rolling) == []
    assert missing(YEARLY, "2022-12-31", rolling[0]) == ["2021-04-01"]


def test_what_is_sent_now_and_then_is_never_overdue() -> None:
    assert missing(dataclasses.replace(MONTHLY, is_owed=False), "2023-01-01", *months("2022-01-01")) == []


def test_a_supplier_whom_nobody_knows_owes_nothing() -> None:
    stranger, known = receipt("2022-01-01", supplier="btp"), receipt("2022-01-01", supplier="cumbria")
    assert missing(MONTHLY, "2022-04-05", stranger) == []
    assert missing(MONTHLY, "2022-04-05", stranger, known) == ["2022-02-01"]


def test_of_a_feed_that_is_not_counted_a_name_that_nobody_knows_is_not_told_either() -> None:
    estimates = dataclasses.replace(MONTHLY, agency="ons", feed="estimates")
    told = {"agency": "ons", "feed": "estimates"}
    known, stranger = receipt("2022-01-01", supplier="ons", **told), receipt("2022-01-01", supplier="jane-doe", **told)
    owed = {"ons/estimates": dataclasses.replace(estimates, supplier="ons")}
    assert [one.supplier for one in missing_returns(owed, [known, stranger], date(2022, 4, 5))] == ["ons"]
