"""`csp query` prints the rows of the current release in three forms."""

import json

import pytest
from typer.testing import CliRunner

from orchestration.cli.main import app
from tests.unit.orchestration.releases.warehouse import Published

SQL = (
    "select area_code, case when note is not null then 5 end as base, "
    "case when note is not null then period_start end as day, 1.5 as factor "
    "from indicator_values where period_start <= '2020-04-02' order by period_start desc"
)


def test_a_query_shows_no_value_as_blank_and_whole_numbers_whole(
    published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSP_DATA_DIR", str(published[0].root))
    shown = CliRunner().invoke(app, ["query", SQL]).stdout.splitlines()
    assert [line.split() for line in shown[1:]] == [["E07000131", "5", "2020-04-02", "1.5"], ["E07000130", "1.5"]]
    assert json.loads(CliRunner().invoke(app, ["query", SQL, "--format", "json"]).stdout) == [
        {"area_code": "E07000131", "base": 5, "day": "2020-04-02", "factor": 1.5},
        {"area_code": "E07000130", "base": None, "day": None, "factor": 1.5},
    ]
    assert CliRunner().invoke(app, ["query", SQL, "--format", "csv"]).stdout.splitlines()[2] == "E07000130,,,1.5"
    nothing = CliRunner().invoke(app, ["query", "select area_code from indicator_values where false"])
    assert nothing.stdout == "no rows; the columns: area_code\n"
