"""Overdue periods are counted from a supplier's first delivery, in the steps of the contract's cadence."""

import dataclasses
from datetime import date

from orchestration.lateness import missing_periods
from sources.contract import Contract, load_contracts
from sources.ledger import Receipt

MONTHLY = dataclasses.replace(load_contracts()["police/street_crime"], due_days=30, slack_days=5)
QUARTERLY = dataclasses.replace(MONTHLY, months_per_period=3)


def receipt(period_start: str, supplier: str = "leicestershire") -> Receipt:
    blank = {field.name: None for field in dataclasses.fields(Receipt)}
    return Receipt(**{**blank, "supplier": supplier, "period_start": period_start})  # type: ignore[arg-type]


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


def test_each_supplier_owes_for_itself_and_nobody_owes_before_a_first_delivery() -> None:
    standing = [receipt("2022-01-01"), receipt("2022-03-01", "rutland")]
    late = missing_periods(MONTHLY, standing, date(2022, 5, 6))
    assert [(supplier, start.isoformat()) for supplier, start in late] == [
        ("leicestershire", "2022-02-01"),
        ("leicestershire", "2022-03-01"),
    ]
    assert missing_periods(MONTHLY, [], date(2022, 5, 6)) == []
