"""Overdue periods are counted from a supplier's first delivery, in the steps of the contract's cadence."""

import dataclasses
import re
from datetime import date

from orchestration.lateness import missing_periods
from sources.contract.load import Contract, load_contracts
from sources.ledger.receipts import Receipt

MONTHLY = dataclasses.replace(load_contracts()["police/street_crime"], due_days=30, slack_days=5)
QUARTERLY = dataclasses.replace(MONTHLY, months_per_period=3)


ENDED = dataclasses.replace(
    MONTHLY, variant="paper", file_name_pattern=re.compile(r".*-paper\.csv"), last_day="2022-02-28"
)


def receipt(period_start: str, supplier: str = "leicestershire", **facts: object) -> Receipt:
    blank = {field.name: None for field in dataclasses.fields(Receipt)}
    told = {"supplier": supplier, "period_start": period_start, "file_name": "x.csv", "is_synthetic": False}
    return Receipt(**{**blank, **told, **facts})  # type: ignore[arg-type]


def missing(contract: Contract, today: str, *starts: str) -> list[str]:
    standing = [receipt(start) for start in starts]
    return [start.isoformat() for _, start in missing_periods(contract, standing, date.fromisoformat(today))]


def test_a_month_is_overdue_the_day_after_due_day_and_slack() -> None:
    # February 2022 ends on the 28th; 30 days and 5 more end on 4 April.
    assert missing(MONTHLY, "2022-04-04", "2022-01-01") == []
    assert missing(MONTHLY, "2022-04-05", "2022-01-01") == ["2022-02-01"]


def test_a_gap_is_missed_and_a_delivered_month_is_not() -> None:
    assert missing(MONTHLY, "2022-06-10", "2022-01-01", "2022-03-01", "2022-04-01") == ["2022-02-01"]


def test_a_quarterly_feed_owes_quarters() -> None:
    assert missing(QUARTERLY, "2021-12-31", "2021-04-01") == ["2021-07-01"]


def test_a_feed_of_tranches_owes_three_a_year() -> None:
    tranches = dataclasses.replace(MONTHLY, months_per_period=4, period_start_month=4)
    assert missing(tranches, "2010-06-01", "2009-04-01") == ["2009-08-01", "2009-12-01"]


def test_each_supplier_owes_for_itself_and_nobody_owes_before_a_first_delivery() -> None:
    standing = [receipt("2022-01-01"), receipt("2022-03-01", "rutland")]
    late = missing_periods(MONTHLY, standing, date(2022, 5, 6))
    assert [(supplier, start.isoformat()) for supplier, start in late] == [
        ("leicestershire", "2022-02-01"),
        ("leicestershire", "2022-03-01"),
    ]
    assert missing_periods(MONTHLY, [], date(2022, 5, 6)) == []


def test_a_supplier_of_made_up_extracts_owes_nothing() -> None:
    assert missing_periods(MONTHLY, [receipt("2022-01-01", is_synthetic=True)], date(2023, 1, 1)) == []


def test_a_series_that_ended_is_owed_to_its_end_unless_another_form_goes_on() -> None:
    feed = dataclasses.replace(MONTHLY, variants=(ENDED,))
    paper = receipt("2022-01-01", file_name="2022-01-paper.csv")
    assert [start.isoformat() for _, start in missing_periods(feed, [paper], date(2022, 9, 1))] == ["2022-02-01"]
    late = missing_periods(feed, [paper, receipt("2022-03-01")], date(2022, 6, 7))
    assert [start.isoformat() for _, start in late] == ["2022-02-01", "2022-04-01"]


def test_what_is_sent_now_and_then_is_never_overdue() -> None:
    now_and_then = dataclasses.replace(MONTHLY, is_owed=False)
    assert missing(now_and_then, "2023-01-01", "2022-01-01") == []
