"""Delivery partitions are the reporting periods, named by their first day."""

import dataclasses
from datetime import datetime

import pytest

from orchestration.assets.deliveries import delivery_partition, delivery_partitions
from sources.contract.load import load_contracts
from sources.ledger.receipts import Receipt

MONTHLY = load_contracts()["police/street_crime"]


def receipt(period_start: str | None) -> Receipt:
    blank = {field.name: None for field in dataclasses.fields(Receipt)}
    return Receipt(**{**blank, "period_start": period_start})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("months", "start_month", "expected"),
    [
        (4, 4, ["2011-04-01", "2011-08-01", "2011-12-01"]),
        (12, None, ["2011-04-01", "2011-05-01", "2011-06-01"]),
        (1, 1, ["2011-01-01", "2011-02-01", "2011-03-01"]),
        (3, 1, ["2011-01-01", "2011-04-01", "2011-07-01"]),
        (12, 1, ["2011-01-01", "2012-01-01", "2013-01-01"]),
        (12, 4, ["2011-04-01", "2012-04-01", "2013-04-01"]),
    ],
)
def test_partitions_are_the_periods(months: int, start_month: int | None, expected: list[str]) -> None:
    contract = dataclasses.replace(
        MONTHLY, months_per_period=months, period_start_month=start_month, first_period=expected[0]
    )
    keys = delivery_partitions(contract).get_partition_keys(current_time=datetime(2014, 6, 1))  # noqa: DTZ001
    assert keys[:3] == expected
    assert delivery_partition(contract, receipt(expected[1])) == expected[1]


def test_a_period_that_starts_in_between_belongs_to_the_regular_one() -> None:
    contract = dataclasses.replace(MONTHLY, months_per_period=12, period_start_month=4)
    assert delivery_partition(contract, receipt("2024-07-01")) == "2024-04-01"
    assert delivery_partition(contract, receipt("2025-01-01")) == "2024-04-01"
    assert delivery_partition(contract, receipt(None)) is None
