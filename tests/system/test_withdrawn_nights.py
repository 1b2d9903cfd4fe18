"""A withdrawn month is missing from the next release; its bytes give the old figures back once they are accepted."""

from typing import Any

import pytest

from tests.system.conftest import Warehouse, month

pytestmark = pytest.mark.system

JUNE = "2021-06-leicestershire-street.csv"
FIGURES = """
    select period_label, value, is_complete from indicator_values
    where indicator_code = 'OD-BURGLARY' and area_code = 'E07000133' order by period_type, period_label
"""


def of_june(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return [row[1:] for row in warehouse.query(FIGURES) if row[0] == "2021-06"]


def test_a_month_is_withdrawn_and_taken_back(warehouse: Warehouse) -> None:
    before = warehouse.query(FIGURES)
    ((_, is_complete),) = of_june(warehouse)
    assert is_complete
    assert "is not delivered now" in warehouse.csp("withdraw", JUNE, "--reason", "of another force", "--erase").stdout
    again = warehouse.csp("withdraw", JUNE, "--reason", "of another force", "--erase")
    assert (again.returncode, "withdrawn already" in again.stdout) == (0, True)
    assert "erased on" in warehouse.csp("trace", "OD-BURGLARY", "E07000133", "2021-06").stdout
    assert warehouse.last_line("nightly").startswith("published 2022-03-31.2")
    assert of_june(warehouse) == [(None, False)]
    assert [row[0] for row in warehouse.query(FIGURES) if not row[2]] != [row[0] for row in before if not row[2]]
    ((status, reason),) = warehouse.query(f"select status, reason from deliveries where file_name = '{JUNE}'")
    assert status == "withdrawn"
    assert "of another force" in reason
    assert warehouse.query("select status from agency_returns where period_start = '2021-06-01' order by 1") == [
        ("missing",),
        ("withdrawn",),
    ]
    assert warehouse.last_line("nightly").startswith("nothing new")

    warehouse.drop(JUNE, month(JUNE))
    assert warehouse.last_line("nightly").startswith("nothing new")
    assert not list((warehouse.root / "landing").rglob(JUNE))
    assert "send the file again" in warehouse.csp("accept", JUNE, "--reason", "it was ours").stdout
    warehouse.drop(JUNE, month(JUNE))
    warehouse.last_line("rollback", "2022-03-31.1", "--reason", "until June is back")
    said = warehouse.last_line("nightly")
    assert said.startswith("published 2022-03-31.3")
    assert "this ends the rollback to 2022-03-31.1" in said
    assert "reason: until June is back" in said
    assert warehouse.query(FIGURES) == before
    assert warehouse.csp("verify").returncode == 0
