"""A withdrawn month is missing from the next release; its bytes give the old figures back once they are accepted."""

from typing import Any

from tests.csp import Installation
from tests.system.conftest import month

JUNE = "2021-06-leicestershire-street.csv"
FIGURES = """
    select period_label, value, is_complete from indicator_values
    where indicator_code = 'OD-BURGLARY' and area_code = 'E07000133' order by period_type, period_label
"""


def of_june(folder: Installation) -> list[tuple[Any, ...]]:
    return [row[1:] for row in folder.query(FIGURES) if row[0] == "2021-06"]


def last_line_of_a_night(folder: Installation) -> str:
    return folder.night().splitlines()[-1]


def test_a_month_is_withdrawn_and_taken_back(folder: Installation) -> None:
    before = folder.query(FIGURES)
    ((_, is_complete),) = of_june(folder)
    assert is_complete
    ((name,),) = folder.query("select delivery_name from deliveries where period_start = date '2021-06-01'")
    number = name.rpartition(" ")[2]
    assert "is not delivered now" in folder.csp("withdraw", JUNE, "--reason", "of another force", "--erase").stdout
    again = folder.csp("withdraw", number, "--reason", "of another force", "--erase")
    assert (again.returncode, "withdrawn already" in again.stdout) == (0, True)
    assert "erased on" in folder.csp("trace", "OD-BURGLARY", "E07000133", "2021-06").stdout
    assert last_line_of_a_night(folder).startswith("published 2022-03-31.2")
    assert of_june(folder) == [(None, False)]
    assert [row[0] for row in folder.query(FIGURES) if not row[2]] != [row[0] for row in before if not row[2]]
    ((status, reason),) = folder.query(f"select status, reason from deliveries where delivery_name = '{name}'")
    assert status == "withdrawn"
    assert "of another force" in reason
    assert folder.query("select status from agency_returns where period_start = '2021-06-01' order by 1") == [
        ("missing",),
        ("withdrawn",),
    ]
    assert last_line_of_a_night(folder).startswith("nothing new")

    folder.drop(JUNE, month(JUNE))
    assert last_line_of_a_night(folder).startswith("nothing new")
    assert not list((folder.root / "landing").rglob(JUNE))
    assert "send the file again" in folder.csp("accept", number, "--reason", "it was ours").stdout
    folder.drop(JUNE, month(JUNE))
    assert last_line_of_a_night(folder).startswith("published 2022-03-31.3")
    assert folder.query(FIGURES) == before
    assert folder.csp("verify").returncode == 0
